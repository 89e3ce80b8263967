package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.raft.Membership;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The members over HTTP: who they are, who leads, who is well; and changes of that. On the loop.
 */
final class HttpMembers {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PdCluster cluster;

  HttpMembers(PdCluster cluster) {
    this.cluster = cluster;
  }

  JsonNode members() {
    ObjectNode node = NODES.objectNode();
    node.putObject("header").put("cluster_id", cluster.meta().clusterId());
    ArrayNode members = node.putArray("members");
    cluster.members().known().forEach(member -> members.add(member(member)));
    MemberCalls.leader(cluster)
        .ifPresent(
            leader -> {
              node.set("leader", member(leader));
              node.set("etcd_leader", member(leader));
            });
    return node;
  }

  JsonNode leader() {
    return member(
        MemberCalls.leader(cluster)
            .orElseThrow(() -> new HttpApi.HttpRefused(503, "the members have no leader now")));
  }

  /**
   * With the part that the member has in the group, and which data it has ("0" until the group has
   * written that down); TiKV tells neither.
   */
  private ObjectNode member(MemberRecord member) {
    ObjectNode node =
        NODES.objectNode().put("name", member.getName()).put("member_id", member.getId());
    ArrayNode peerUrls = node.putArray("peer_urls");
    member.getPeerUrlsList().forEach(peerUrls::add);
    ArrayNode clientUrls = node.putArray("client_urls");
    member.getClientUrlsList().forEach(clientUrls::add);
    return node.put("binary_version", "v" + MemberCalls.VERSION)
        .put("role", role(member))
        .put("incarnation", Long.toHexString(member.getIncarnation()));
  }

  private String role(MemberRecord member) {
    Membership now = cluster.replica().membership();
    if (member.getRemoving()) {
      return "leaving";
    }
    return now.voters().contains(member.getId())
        ? "voter"
        : now.contains(member.getId()) ? "learner" : "joining";
  }

  /** As the leader hears them. A member that knows no leader says that none is well. */
  JsonNode health() {
    boolean isLed = MemberCalls.leader(cluster).isPresent();
    ArrayNode all = NODES.arrayNode();
    for (MemberRecord member : cluster.members().known()) {
      ObjectNode node =
          all.addObject().put("name", member.getName()).put("member_id", member.getId());
      ArrayNode urls = node.putArray("client_urls");
      member.getClientUrlsList().forEach(urls::add);
      node.put("health", isLed && cluster.members().isWell(member.getId()));
    }
    return all;
  }

  CompletableFuture<JsonNode> removeByName(String name) {
    return remove(find("name " + name, member -> member.getName().equals(name)));
  }

  CompletableFuture<JsonNode> removeById(long id) {
    return remove(find("id " + Long.toUnsignedString(id), member -> member.getId() == id));
  }

  private MemberRecord find(String what, Predicate<MemberRecord> fits) {
    return cluster.members().known().stream()
        .filter(fits)
        .findFirst()
        .orElseThrow(() -> new HttpApi.HttpRefused(404, "there is no member with " + what));
  }

  private CompletableFuture<JsonNode> remove(MemberRecord member) {
    return cluster
        .members()
        .remove(member.getId())
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              return TextNode.valueOf("Member " + member.getName() + " leaves the group.");
            });
  }

  CompletableFuture<JsonNode> resign() {
    return handOver(0, "nobody else could lead");
  }

  CompletableFuture<JsonNode> transferTo(String name) {
    MemberRecord member = find("name " + name, each -> each.getName().equals(name));
    if (member.getId() == cluster.self().getId()) {
      return CompletableFuture.completedFuture(TextNode.valueOf("Member " + name + " leads."));
    }
    return handOver(member.getId(), "member " + name + " does not vote, it cannot lead");
  }

  private CompletableFuture<JsonNode> handOver(long to, String otherwise) {
    Optional<Long> successor = cluster.members().handOver(to);
    if (successor.isEmpty()) {
      throw new HttpApi.HttpRefused(400, otherwise);
    }
    MemberRecord next = find("id", each -> each.getId() == successor.get());
    return CompletableFuture.completedFuture(
        TextNode.valueOf("The lead is handed to member " + next.getName() + "."));
  }
}

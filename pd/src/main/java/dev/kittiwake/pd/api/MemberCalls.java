package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.ANYWHERE;
import static dev.kittiwake.pd.api.Handlers.Scope.LEADER;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.proto.metapb.Cluster;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.AllocIDResponse;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GetClusterConfigResponse;
import dev.kittiwake.proto.pdpb.GetClusterInfoResponse;
import dev.kittiwake.proto.pdpb.GetMembersResponse;
import dev.kittiwake.proto.pdpb.IsSnapshotRecoveringResponse;
import dev.kittiwake.proto.pdpb.Member;
import dev.kittiwake.proto.pdpb.PutClusterConfigResponse;
import dev.kittiwake.proto.pdpb.ServiceMode;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Members, ids, and what there is to say about the cluster as a whole. */
final class MemberCalls {
  static final String VERSION = "8.5.0";
  private static final int MAX_IDS = 1_000_000;

  private final PdApi api;
  private final PdCluster cluster;

  MemberCalls(PdApi api, PdCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.add(PdMethod.GET_MEMBERS, ANYWHERE, request -> members());
    handlers.add(
        PdMethod.GET_CLUSTER_INFO,
        ANYWHERE,
        request ->
            GetClusterInfoResponse.newBuilder()
                .setHeader(api.header())
                .addServiceModes(ServiceMode.PD_SVC_MODE)
                .build());
    handlers.addAsync(PdMethod.ALLOC_ID, LEADER, this::allocate);
    handlers.add(
        PdMethod.IS_SNAPSHOT_RECOVERING,
        LEADER,
        request -> IsSnapshotRecoveringResponse.newBuilder().setHeader(api.header()).build());
    handlers.add(
        PdMethod.GET_CLUSTER_CONFIG,
        LEADER,
        request ->
            GetClusterConfigResponse.newBuilder()
                .setHeader(api.header())
                .setCluster(
                    Cluster.newBuilder()
                        .setId(cluster.meta().clusterId())
                        .setMaxPeerCount(cluster.scheduleConfig().maxReplicas()))
                .build());
    handlers.add(
        PdMethod.PUT_CLUSTER_CONFIG,
        LEADER,
        request -> PutClusterConfigResponse.newBuilder().setHeader(api.header()).build());
  }

  private GetMembersResponse members() {
    GetMembersResponse.Builder response = GetMembersResponse.newBuilder().setHeader(api.header());
    cluster.members().known().forEach(member -> response.addMembers(member(member)));
    leader(cluster)
        .ifPresent(member -> response.setLeader(member(member)).setEtcdLeader(member(member)));
    return response.build();
  }

  /** None while nobody serves: clients keep asking. */
  static Optional<MemberRecord> leader(PdCluster cluster) {
    long leader = cluster.replica().leader();
    if (leader == cluster.self().getId() && !cluster.serves()) {
      return Optional.empty();
    }
    return cluster.members().known().stream()
        .filter(member -> member.getId() == leader)
        .findFirst();
  }

  static Member member(MemberRecord record) {
    return Member.newBuilder()
        .setName(record.getName())
        .setMemberId(record.getId())
        .addAllPeerUrls(record.getPeerUrlsList())
        .addAllClientUrls(record.getClientUrlsList())
        .setBinaryVersion("v" + VERSION)
        .build();
  }

  private CompletableFuture<AllocIDResponse> allocate(AllocIDRequest request) {
    int count = Math.max(1, request.getCount());
    if (request.getCount() < 0 || count > MAX_IDS) {
      throw new PdRefused(
          ErrorType.UNKNOWN,
          Integer.toUnsignedString(request.getCount()) + " ids at once, at most " + MAX_IDS);
    }
    return cluster
        .allocateIds(count)
        .thenApply(
            last ->
                AllocIDResponse.newBuilder()
                    .setHeader(api.header())
                    .setId(last)
                    .setCount(request.getCount() > 1 ? count : 0)
                    .build());
  }
}

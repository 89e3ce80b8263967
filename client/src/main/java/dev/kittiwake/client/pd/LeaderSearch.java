package dev.kittiwake.client.pd;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.rpc.Addresses;
import dev.kittiwake.proto.pdpb.GetMembersRequest;
import dev.kittiwake.proto.pdpb.GetMembersResponse;
import dev.kittiwake.proto.pdpb.Member;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Which member leads. Asks all known members in turn; callers share a search. Thread-safe. */
final class LeaderSearch {
  private final PdMembers members;
  private final UnaryOperator<CompletableFuture<GetMembersResponse>> bounded; // adds a timeout
  private volatile String leader;
  private volatile long clusterId; // 0 until a member told
  private volatile String lastFailure = "no answer";
  private CompletableFuture<Void> searching; // guarded by this; null if no search is on

  LeaderSearch(PdMembers members, UnaryOperator<CompletableFuture<GetMembersResponse>> bounded) {
    this.members = members;
    this.bounded = bounded;
    this.leader = members.addresses().get(0);
  }

  /** The address believed to lead. */
  String leader() {
    return leader;
  }

  /** The cluster's identity; 0 if no member has answered yet. */
  long clusterId() {
    return clusterId;
  }

  /** Why the last member that failed did so. */
  String lastFailure() {
    return lastFailure;
  }

  void noteFailure(String failure) {
    lastFailure = failure;
  }

  /** Asks around; completes also when nobody knows a leader. Never fails. */
  CompletableFuture<Void> search() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    synchronized (this) {
      if (searching != null) {
        return searching;
      }
      searching = mine;
    }
    List<String> addresses = members.addresses();
    int first = Math.max(0, addresses.indexOf(leader));
    ask(addresses, first, 0)
        .whenComplete(
            (done, failure) -> {
              synchronized (this) {
                searching = null;
              }
              mine.complete(null);
            });
    return mine;
  }

  private CompletableFuture<Void> ask(List<String> addresses, int first, int asked) {
    if (asked == addresses.size()) {
      return CompletableFuture.completedFuture(null);
    }
    String address = addresses.get((first + asked) % addresses.size());
    PdEndpoint endpoint = members.endpoint(address);
    if (endpoint == null) {
      return ask(addresses, first, asked + 1);
    }
    return bounded
        .apply(endpoint.call(PdMethod.GET_MEMBERS, GetMembersRequest.getDefaultInstance()))
        .handle(
            (response, failure) -> {
              if (failure != null) {
                lastFailure = address + ": " + Await.unwrap(failure).getMessage();
                return false;
              }
              return accept(response, address, addresses);
            })
        .thenCompose(
            found ->
                found ? CompletableFuture.completedFuture(null) : ask(addresses, first, asked + 1));
  }

  private boolean accept(GetMembersResponse response, String address, List<String> addresses) {
    if (response.getHeader().getClusterId() != 0) {
      clusterId = response.getHeader().getClusterId();
    }
    for (Member member : response.getMembersList()) {
      member.getClientUrlsList().forEach(url -> members.learn(Addresses.normalized(url)));
    }
    if (response.getLeader().getMemberId() == 0) {
      lastFailure = address + ": the members have no leader yet";
      return false;
    }
    for (String url : response.getLeader().getClientUrlsList()) {
      if (members.endpoint(Addresses.normalized(url)) != null) {
        leader = Addresses.normalized(url);
        return true;
      }
    }
    // The leader is no address we can reach: it is one of the objects, so try the next one.
    int at = addresses.indexOf(leader);
    leader = addresses.get((at + 1) % addresses.size());
    return true;
  }
}

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
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Which member leads. Asks all known members at once; callers share a search. Thread-safe. */
final class LeaderSearch {
  private static final String ELSEWHERE = "elsewhere";

  private final PdMembers members;
  private final Consumer<String> moved; // is told the new leader
  private final UnaryOperator<CompletableFuture<GetMembersResponse>> bounded; // adds a timeout
  private volatile String leader;
  private volatile long clusterId; // 0 until a member told
  private volatile String lastFailure = "no answer";
  private CompletableFuture<Void> searching; // guarded by this; null if no search is on

  LeaderSearch(
      PdMembers members,
      UnaryOperator<CompletableFuture<GetMembersResponse>> bounded,
      Consumer<String> moved) {
    this.members = members;
    this.moved = moved;
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

  /**
   * Asks all members at once; completes with the first answer that helps, or when all have been
   * heard and nobody knows a leader. Never fails.
   */
  CompletableFuture<Void> search() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    synchronized (this) {
      if (searching != null) {
        return searching;
      }
      searching = mine;
    }
    mine.whenComplete(
        (done, failure) -> {
          synchronized (this) {
            searching = null;
          }
        });
    Round round = new Round(members.addresses(), leader, mine);
    round.addresses.forEach(address -> ask(address, round));
    round.heard(null, false); // that all were asked counts as one
    return mine;
  }

  private void ask(String address, Round round) {
    PdEndpoint endpoint = members.endpoint(address);
    if (endpoint == null) {
      round.heard(null, false);
      return;
    }
    CompletableFuture<GetMembersResponse> answer;
    try {
      answer =
          bounded.apply(
              endpoint.call(PdMethod.GET_MEMBERS, GetMembersRequest.getDefaultInstance()));
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    answer.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            lastFailure = address + ": " + Await.unwrap(failure).getMessage();
            round.heard(null, false);
          } else {
            String found = leader(response, address);
            round.heard(found, address.equals(found));
          }
        });
  }

  /** The leader that a member knows, if there is a way to it; null if it knows none. */
  private String leader(GetMembersResponse response, String address) {
    if (response.getHeader().getClusterId() != 0) {
      clusterId = response.getHeader().getClusterId();
    }
    for (Member member : response.getMembersList()) {
      member.getClientUrlsList().forEach(url -> members.learn(Addresses.normalized(url)));
    }
    if (response.getLeader().getMemberId() == 0) {
      lastFailure = address + ": the members have no leader yet";
      return null;
    }
    for (String url : response.getLeader().getClientUrlsList()) {
      String named = members.named(Addresses.normalized(url));
      if (members.endpoint(named) != null) {
        return named;
      }
    }
    return ELSEWHERE;
  }

  private void follow(String found, List<String> addresses) {
    String next = found;
    if (found.equals(ELSEWHERE)) {
      // it is one of the objects that do not say their addresses: try the next one
      next = addresses.get((addresses.indexOf(leader) + 1) % addresses.size());
    }
    if (!next.equals(leader)) {
      leader = next;
      moved.accept(next);
    }
  }

  /** One search. Members that were cut off may still name the old leader. */
  private final class Round {
    private final List<String> addresses;
    private final String before;
    private final CompletableFuture<Void> done;
    private int missing; // guarded by this
    private String best; // guarded by this; null: nobody named a leader yet

    Round(List<String> addresses, String before, CompletableFuture<Void> done) {
      this.addresses = addresses;
      this.before = before;
      this.done = done;
      this.missing = addresses.size() + 1;
    }

    /**
     * @param found the leader that a member named, or null
     * @param isItself whether it named itself
     */
    void heard(String found, boolean isItself) {
      String taken = null;
      synchronized (this) {
        missing--;
        if (done.isDone()) {
          return;
        }
        if (found != null && (best == null || !found.equals(before))) {
          best = found;
        }
        boolean isNews = found != null && (isItself || !found.equals(before));
        if (isNews || missing == 0) {
          taken = isNews ? found : best;
          if (!isNews && best == null) {
            taken = "";
          }
        }
      }
      if (taken != null) {
        if (!taken.isEmpty()) {
          follow(taken, addresses);
        }
        done.complete(null);
      }
    }
  }
}

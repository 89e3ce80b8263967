package dev.kittiwake.simulation.world;

import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A member of the placement driver, whose timestamps are seen at the moment they are given. */
final class WatchedPd implements PdEndpoint {
  private final PdEndpoint member;
  private final Watcher watcher;

  /** Sees {@code count} timestamps, of which {@code largest} is the largest. */
  interface Watcher {
    void handedOut(int count, long largest);
  }

  WatchedPd(PdEndpoint member, Watcher watcher) {
    this.member = member;
    this.watcher = watcher;
  }

  @Override
  public <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request) {
    return member.call(method, request);
  }

  @Override
  public CompletableFuture<Long> timestamps(long clusterId, int count) {
    return member
        .timestamps(clusterId, count)
        .whenComplete(
            (largest, failure) -> {
              if (failure == null) {
                watcher.handedOut(count, largest);
              }
            });
  }

  @Override
  public RegionHeartbeats openRegionHeartbeats(
      Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed) {
    return member.openRegionHeartbeats(responses, closed);
  }

  @Override
  public List<String> urls() {
    return member.urls();
  }
}

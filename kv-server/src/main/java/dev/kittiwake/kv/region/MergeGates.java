package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** All gates of a store as one. Thread-safe. */
final class MergeGates implements MergeGate {
  private final List<MergeGate> gates = new CopyOnWriteArrayList<>();

  void add(MergeGate gate) {
    gates.add(gate);
  }

  @Override
  public CompletableFuture<Error> close(RegionView view) {
    CompletableFuture<Error> all = CompletableFuture.completedFuture(null);
    for (MergeGate gate : gates) {
      all = all.thenCombine(gate.close(view), (error, other) -> error != null ? error : other);
    }
    return all;
  }

  @Override
  public void open(RegionView view) {
    gates.forEach(gate -> gate.open(view));
  }
}

package dev.kittiwake.kv.gc;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.txn.SweptLocks;
import dev.kittiwake.kv.region.FirstRegionListener;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.AdvanceGCSafePointRequest;
import dev.kittiwake.proto.pdpb.GCState;
import dev.kittiwake.proto.pdpb.GetGCStateRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the way free for garbage collection: removes all locks below the transaction safe point,
 * then moves the GC safe point there, or to where the oldest living transaction began. Done by the
 * store that leads the first region; two that think they do would only do the work twice.
 * Thread-safe; nothing blocks.
 */
public final class GcLeader extends FirstRegionListener implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(GcLeader.class);

  private final PdClient pd;
  private final LongFunction<CompletableFuture<SweptLocks>> sweep;
  private final AtomicBoolean running = new AtomicBoolean();

  /**
   * @param sweep removes the locks of finished and dead transactions up to a timestamp
   */
  public GcLeader(PdClient pd, LongFunction<CompletableFuture<SweptLocks>> sweep) {
    this.pd = pd;
    this.sweep = sweep;
  }

  /** Looks whether there is something to do, and does it. Called by a timer. */
  @Override
  public void run() {
    if (leadsFirstRegion() && running.compareAndSet(false, true)) {
      round()
          .whenComplete(
              (done, failure) -> {
                running.set(false);
                if (failure != null) {
                  LOG.warn(
                      "event=gc_round_failed it is tried again: {}", failure.getMessage(), failure);
                }
              });
    }
  }

  private CompletableFuture<Void> round() {
    try {
      return pd.call(PdMethod.GET_GC_STATE, GetGCStateRequest.getDefaultInstance())
          .thenCompose(response -> advance(response.getGcState()));
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private CompletableFuture<Void> advance(GCState state) {
    long target = state.getTxnSafePoint();
    if (!Timestamp.isAfter(target, state.getGcSafePoint())) {
      return CompletableFuture.completedFuture(null);
    }
    return sweep
        .apply(target)
        .thenCompose(
            swept -> {
              boolean bounded = !Timestamp.isAfter(swept.oldestAlive(), target);
              long reached = bounded ? swept.oldestAlive() - 1 : target;
              LOG.info(
                  "event=locks_swept safe_point={} removed={} oldest_alive={}",
                  Timestamp.toString(target),
                  swept.removed(),
                  bounded ? Timestamp.toString(swept.oldestAlive()) : "none");
              if (!Timestamp.isAfter(reached, state.getGcSafePoint())) {
                return CompletableFuture.<Void>completedFuture(null);
              }
              return pd.call(
                      PdMethod.ADVANCE_GC_SAFE_POINT,
                      AdvanceGCSafePointRequest.newBuilder().setTarget(reached).build())
                  .thenApply(answer -> null);
            });
  }
}

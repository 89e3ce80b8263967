package dev.kittiwake.kv.region;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Cuts logs behind the engine: what an entry did must be durable before the entry may go. One sync
 * of the engine serves all replicas that wait. Confined to the store loop.
 */
final class LogCuts {
  private final StoreContext context;
  private final Consumer<Throwable> failed;
  private final Map<RegionReplica, Long> waiting = new LinkedHashMap<>();
  private boolean syncing; // a sync of the engine is under way

  LogCuts(StoreContext context, Consumer<Throwable> failed) {
    this.context = context;
    this.failed = failed;
  }

  /** Cuts the replica's log at {@code index} once the engine is durable. */
  void afterSync(RegionReplica replica, long index) {
    waiting.merge(replica, index, Math::max);
    if (!syncing) {
      startSync();
    }
  }

  private void startSync() {
    syncing = true;
    Map<RegionReplica, Long> batch = new LinkedHashMap<>(waiting);
    waiting.clear();
    context
        .background()
        .execute(
            () -> {
              try {
                context.engine().syncLog();
              } catch (Throwable failure) { // errors too: no log would be cut any more
                failed.accept(failure);
                return;
              }
              context.loop().execute(() -> cut(batch));
            });
  }

  private void cut(Map<RegionReplica, Long> batch) {
    syncing = false;
    batch.forEach((replica, index) -> replica.runAsleep(() -> replica.compact(index)));
    if (!waiting.isEmpty()) {
      startSync();
    }
  }
}

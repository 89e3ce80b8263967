package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.StagedRange;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.kv.transport.SnapshotReceiver;
import dev.kittiwake.raft.InstallSnapshot;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Takes what other stores send onto the store loop. Thread-safe. */
final class StoreInbox implements RaftInbox {
  private final StoreContext context;
  private final Store store;
  private final AtomicInteger receiving = new AtomicInteger();
  private final AtomicLong lastArea = new AtomicLong();

  StoreInbox(StoreContext context, Store store) {
    this.context = context;
    this.store = store;
  }

  @Override
  public void receive(List<Envelope> envelopes) {
    // Raft sends again what is dropped here.
    context
        .loop()
        .offer(() -> envelopes.forEach(store::onEnvelope), context.settings().maxQueuedMessages());
  }

  @Override
  public void connectionLost(long storeId) {
    context.loop().execute(() -> store.onConnectionLost(storeId));
  }

  @Override
  public SnapshotReceiver receiveSnapshot(Envelope announcement) {
    if (announcement.to().getStoreId() != context.storeId()
        || !(announcement.message() instanceof InstallSnapshot)) {
      throw new IllegalStateException("this is not a snapshot for store " + context.storeId());
    }
    // Those that wait for their installation count too: whoever has to apply something waits
    // behind.
    int waiting = context.snapshotsToInstall();
    if (receiving.incrementAndGet() + waiting > context.settings().maxSnapshots()) {
      receiving.decrementAndGet();
      throw new IllegalStateException(
          "store " + context.storeId() + " receives too many snapshots");
    }
    String name = "region-" + announcement.regionId() + "-" + lastArea.incrementAndGet();
    StagedRange staged;
    try {
      staged = context.engine().stage(name);
    } catch (RuntimeException failure) {
      receiving.decrementAndGet();
      throw failure;
    }
    return new SnapshotReceiver(
        staged,
        area -> context.loop().execute(() -> store.onSnapshotArrived(announcement, area)),
        receiving::decrementAndGet);
  }

  int receiving() {
    return receiving.get();
  }
}

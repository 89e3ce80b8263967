package dev.kittiwake.kv.transport;

import dev.kittiwake.proto.store.SnapshotBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hands messages and blocks over to the other stores of this JVM as they are, without encoding.
 * What is sent in one round reaches each store in one piece.
 */
public final class LocalRaftTransport implements RaftTransport {
  private final LocalStores stores;
  private final SnapshotPace pace;
  private final Map<Long, List<Envelope>> gathered = new LinkedHashMap<>(); // guarded by this
  private volatile boolean closed;

  public LocalRaftTransport(LocalStores stores, SnapshotPace pace) {
    this.stores = stores;
    this.pace = pace;
  }

  @Override
  public synchronized void send(Envelope envelope) {
    if (!closed) {
      gathered.computeIfAbsent(envelope.to().getStoreId(), id -> new ArrayList<>()).add(envelope);
    }
  }

  @Override
  public void flush() {
    Map<Long, List<Envelope>> leaving;
    synchronized (this) {
      if (gathered.isEmpty()) {
        return;
      }
      leaving = new LinkedHashMap<>(gathered);
      gathered.clear();
    }
    leaving.forEach(
        (storeId, envelopes) -> {
          RaftInbox inbox = stores.inbox(storeId);
          if (inbox != null && !closed) {
            inbox.receive(envelopes);
          }
        });
  }

  @Override
  public void sendSnapshot(OutgoingSnapshot snapshot, Consumer<Boolean> done) {
    SnapshotStream stream = new SnapshotStream(snapshot, pace.blockBytes());
    pace.workers().execute(() -> begin(snapshot, stream, done));
  }

  private void begin(OutgoingSnapshot snapshot, SnapshotStream stream, Consumer<Boolean> done) {
    RaftInbox inbox = stores.inbox(snapshot.announcement().to().getStoreId());
    if (inbox == null || closed) {
      stream.close();
      done.accept(false);
      return;
    }
    SnapshotReceiver receiver;
    try {
      receiver = inbox.receiveSnapshot(snapshot.announcement());
    } catch (RuntimeException refused) {
      stream.close();
      done.accept(false);
      return;
    }
    step(stream, receiver, done);
  }

  private void step(SnapshotStream stream, SnapshotReceiver receiver, Consumer<Boolean> done) {
    boolean ok = false;
    try {
      SnapshotBlock block = closed ? null : stream.next();
      if (block != null) {
        receiver.accept(block);
        pace.after(block.getPairs().size(), () -> step(stream, receiver, done));
        return;
      }
      if (!closed) {
        receiver.finish(stream.end());
        ok = true;
      }
    } catch (RuntimeException broken) {
      // Either store may be stopping: the sender's raft tries again, the receiver is cleaned below.
      ok = false;
    }
    if (!ok) {
      receiver.abort();
    }
    stream.close();
    done.accept(ok);
  }

  @Override
  public void close() {
    closed = true;
  }
}

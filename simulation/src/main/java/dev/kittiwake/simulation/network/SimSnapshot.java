package dev.kittiwake.simulation.network;

import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.OutgoingSnapshot;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.kv.transport.SnapshotReceiver;
import dev.kittiwake.kv.transport.SnapshotStream;
import dev.kittiwake.proto.store.RaftEnvelope;
import dev.kittiwake.proto.store.SnapshotBlock;
import dev.kittiwake.proto.store.SnapshotEnd;
import dev.kittiwake.simulation.time.Machine;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One snapshot on its way, block by block; the next block is sent when the one before is written.
 * It can break off between any two blocks.
 */
final class SimSnapshot {
  private final SimNetwork network;
  private final Machine from;
  private final int fromLife;
  private final SimRaftTransport.Peer peer;
  private final Machine to;
  private final int toLife;
  private final Executor reading;
  private final Consumer<Boolean> done;
  private final RaftEnvelope announcement;
  private final SnapshotStream stream;
  private SnapshotReceiver receiver; // at the other side
  private boolean over; // for the sender
  private boolean broken; // for the receiver: what still arrives of it is thrown away

  SimSnapshot(
      SimNetwork network,
      Machine from,
      SimRaftTransport.Peer peer,
      Executor reading,
      OutgoingSnapshot snapshot,
      int blockBytes,
      Consumer<Boolean> done) {
    this.network = network;
    this.from = from;
    this.fromLife = from.life();
    this.peer = peer;
    this.to = peer.machine();
    this.toLife = to.life();
    this.reading = reading;
    this.done = done;
    this.announcement = snapshot.announcement().encode();
    this.stream = new SnapshotStream(snapshot, blockBytes);
  }

  void start() {
    if (!to.lives(toLife)) {
      finish(false);
      return;
    }
    from.onHalt(
        () -> {
          stream.close();
          breakReceiver();
        });
    to.onHalt(() -> later(() -> finish(false)));
    RaftEnvelope sent = SimCalls.overTheWire(announcement, network.time());
    toReceiver(
        () -> {
          RaftInbox inbox = peer.inbox();
          if (inbox == null) {
            throw new IllegalStateException("nobody listens");
          }
          receiver = inbox.receiveSnapshot(Envelope.decode(sent));
        },
        this::sendNext);
  }

  private void sendNext() {
    if (over) {
      return;
    }
    SnapshotBlock block = stream.next();
    if (block != null) {
      SnapshotBlock sent = SimCalls.overTheWire(block, network.time());
      toReceiver(() -> receiver.accept(sent), this::sendNext);
      return;
    }
    SnapshotEnd end = SimCalls.overTheWire(stream.end(), network.time());
    toReceiver(() -> receiver.finish(end), () -> finish(true));
  }

  /** Carries out {@code work} over there, then {@code next} here; any failure breaks the stream. */
  private void toReceiver(Runnable work, Runnable next) {
    long at = network.route(from, to);
    if (at < 0) {
      from.later(network.noticeDelay(), "snapshot broken", () -> finish(false));
      return;
    }
    network
        .time()
        .deliver(
            at,
            to,
            "snapshot",
            () -> {
              if (to.lives(toLife)) {
                peer.background().execute(() -> work(work, next));
              }
            });
  }

  private void work(Runnable work, Runnable next) {
    boolean ok = !broken;
    try {
      if (ok) {
        work.run();
      }
    } catch (RuntimeException refused) {
      abortReceiver(); // as the production service does: the sender is told, and tries again
      ok = false;
    }
    boolean worked = ok;
    long at = network.route(to, from);
    if (at < 0) {
      from.later(network.noticeDelay(), "snapshot broken", () -> finish(false));
      return;
    }
    network
        .time()
        .deliver(
            at,
            from,
            "snapshot",
            () -> {
              if (from.lives(fromLife)) {
                reading.execute(worked ? next : () -> finish(false));
              }
            });
  }

  private void later(Runnable action) {
    if (from.lives(fromLife)) {
      from.later(network.delay(), "snapshot broken", action);
    }
  }

  private void finish(boolean ok) {
    if (over) {
      return;
    }
    over = true;
    stream.close();
    if (!ok) {
      breakReceiver();
    }
    done.accept(ok);
  }

  private void breakReceiver() {
    if (to.lives(toLife)) {
      to.later(
          network.delay(),
          "snapshot broken",
          () -> {
            broken = true;
            abortReceiver();
          });
    }
  }

  private void abortReceiver() {
    if (receiver != null) {
      receiver.abort();
      receiver = null;
    }
  }
}

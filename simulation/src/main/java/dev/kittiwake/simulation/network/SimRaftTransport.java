package dev.kittiwake.simulation.network;

import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.OutgoingSnapshot;
import dev.kittiwake.kv.transport.RaftInbox;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.proto.store.RaftEnvelope;
import dev.kittiwake.proto.store.RaftEnvelopes;
import dev.kittiwake.simulation.time.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Raft messages and snapshots of one life of a store, to others. */
public final class SimRaftTransport implements RaftTransport {
  private final SimNetwork network;
  private final Machine self;
  private final LongFunction<Peer> stores;
  private final Executor background;
  private final int blockBytes;
  private final Map<Long, RaftEnvelopes.Builder> gathered = new TreeMap<>();
  private boolean closed;

  /** Another store as the network knows it. */
  public interface Peer {
    Machine machine();

    /** Where messages go at this moment; null while it does not listen. */
    RaftInbox inbox();

    /** Threads that write what arrives to its disk. */
    Executor background();
  }

  /**
   * @param stores by id; null if the store is not known
   * @param background reads snapshots
   * @param blockBytes size of a block of a snapshot
   */
  public SimRaftTransport(
      SimNetwork network,
      Machine self,
      LongFunction<Peer> stores,
      Executor background,
      int blockBytes) {
    this.network = network;
    this.self = self;
    this.stores = stores;
    this.background = background;
    this.blockBytes = blockBytes;
  }

  @Override
  public void send(Envelope envelope) {
    if (!closed) {
      gathered
          .computeIfAbsent(envelope.to().getStoreId(), id -> RaftEnvelopes.newBuilder())
          .addEnvelopes(envelope.encode());
    }
  }

  @Override
  public void flush() {
    if (gathered.isEmpty() || !self.isRunning()) {
      return;
    }
    gathered.forEach((storeId, frame) -> sendFrame(storeId, frame.build()));
    gathered.clear();
  }

  private void sendFrame(long storeId, RaftEnvelopes frame) {
    Peer peer = stores.apply(storeId);
    if (peer == null || closed) {
      return;
    }
    long at = network.routeInOrder(self, peer.machine());
    if (at < 0) {
      return;
    }
    byte[] bytes = frame.toByteArray();
    network.time().trace().mix(bytes.length);
    network.time().deliver(at, peer.machine(), "raft", () -> receive(peer, bytes));
    if (network.chance(network.weather().repeat())) {
      network
          .time()
          .deliver(at + network.delay(), peer.machine(), "raft", () -> receive(peer, bytes));
    }
  }

  private static void receive(Peer peer, byte[] bytes) {
    RaftInbox inbox = peer.inbox();
    if (inbox == null) {
      return;
    }
    List<Envelope> envelopes = new ArrayList<>();
    for (RaftEnvelope envelope : parse(bytes).getEnvelopesList()) {
      envelopes.add(Envelope.decode(envelope));
    }
    inbox.receive(envelopes);
  }

  private static RaftEnvelopes parse(byte[] bytes) {
    try {
      return RaftEnvelopes.parseFrom(bytes);
    } catch (com.google.protobuf.InvalidProtocolBufferException unreadable) {
      throw new IllegalStateException("cannot read what was just written", unreadable);
    }
  }

  @Override
  public void sendSnapshot(OutgoingSnapshot snapshot, Consumer<Boolean> done) {
    Peer peer = stores.apply(snapshot.announcement().to().getStoreId());
    if (peer == null || closed) {
      snapshot.data().close();
      done.accept(false);
      return;
    }
    SimSnapshot stream =
        new SimSnapshot(network, self, peer, background, snapshot, blockBytes, done);
    background.execute(stream::start);
  }

  @Override
  public void close() {
    closed = true;
  }
}

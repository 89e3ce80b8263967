package dev.kittiwake.kv.transport;

import io.grpc.ManagedChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Carries messages over gRPC: one stream per target store, what was gathered in a round as one
 * frame. Queues are bounded: what does not fit is dropped, and raft sends it again. A stream that
 * breaks is opened again after a pause, at an address looked up anew.
 */
public final class GrpcRaftTransport implements RaftTransport {
  private final Wire wire;
  private final SnapshotPace pace;
  private final Map<Long, StoreConnection> connections = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * What a connection needs to know.
   *
   * @param channels makes a channel to {@code host:port}; the connection closes it
   * @param timer waits between attempts
   * @param maxQueued envelopes that may wait for one store
   * @param backoffMillis pause after the first failure; doubled up to five times of it
   */
  public record Wire(
      long clusterId,
      long storeId,
      StoreAddresses addresses,
      Function<String, ManagedChannel> channels,
      ScheduledExecutorService timer,
      int maxQueued,
      long backoffMillis) {}

  public GrpcRaftTransport(Wire wire, SnapshotPace pace) {
    this.wire = wire;
    this.pace = pace;
  }

  @Override
  public void send(Envelope envelope) {
    if (!closed) {
      connection(envelope.to().getStoreId()).add(envelope);
    }
  }

  @Override
  public void flush() {
    connections.values().forEach(StoreConnection::flush);
  }

  @Override
  public void sendSnapshot(OutgoingSnapshot snapshot, Consumer<Boolean> done) {
    SnapshotStream stream = new SnapshotStream(snapshot, pace.blockBytes());
    if (closed) {
      stream.close();
      done.accept(false);
      return;
    }
    long target = snapshot.announcement().to().getStoreId();
    connection(target)
        .channel()
        .whenComplete(
            (channel, failure) -> {
              if (failure != null) {
                stream.close();
                done.accept(false);
              } else {
                new GrpcSnapshotSender(wire, pace, snapshot.announcement(), stream, done)
                    .start(channel);
              }
            });
  }

  private StoreConnection connection(long storeId) {
    return connections.computeIfAbsent(storeId, id -> new StoreConnection(wire, id));
  }

  @Override
  public void close() {
    closed = true;
    connections.values().forEach(StoreConnection::close);
  }
}

package dev.kittiwake.client.pd;

import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdEndpoint.RegionHeartbeats;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The open streams of region heartbeats. One ends when another member leads: to a leader that was
 * cut off it would stay silent for long. Thread-safe.
 */
final class HeartbeatStreams {
  private final Set<Stream> open = new CopyOnWriteArraySet<>();
  private volatile String newestLeader; // null: it never moved

  /**
   * Opens a stream to {@code target}.
   *
   * @param leader its address
   * @param ended is told once why the stream ended, unless its owner closed it
   */
  RegionHeartbeats open(
      String leader,
      PdEndpoint target,
      Consumer<RegionHeartbeatResponse> responses,
      Consumer<Throwable> ended) {
    Stream stream = new Stream(leader, ended);
    open.add(stream);
    stream.target = target.openRegionHeartbeats(responses, stream::end);
    String newest = newestLeader;
    if (newest != null) {
      stream.endUnlessAt(newest); // it moved while the stream was being opened
    }
    return stream;
  }

  void endUnlessAt(String leader) {
    newestLeader = leader;
    open.forEach(stream -> stream.endUnlessAt(leader));
  }

  private final class Stream implements RegionHeartbeats {
    private final String leader;
    private final Consumer<Throwable> ended;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile RegionHeartbeats target; // null: not open yet

    Stream(String leader, Consumer<Throwable> ended) {
      this.leader = leader;
      this.ended = ended;
    }

    void endUnlessAt(String newLeader) {
      RegionHeartbeats old = target;
      if (!newLeader.equals(leader) && old != null) {
        end(
            Status.UNAVAILABLE
                .withDescription("the placement driver is led by " + newLeader + " now")
                .asRuntimeException());
        old.close();
      }
    }

    void end(Throwable cause) {
      open.remove(this);
      if (over.compareAndSet(false, true)) {
        ended.accept(cause);
      }
    }

    @Override
    public void send(RegionHeartbeatRequest heartbeat) {
      target.send(heartbeat);
    }

    @Override
    public void close() {
      over.set(true);
      open.remove(this);
      target.close();
    }
  }
}

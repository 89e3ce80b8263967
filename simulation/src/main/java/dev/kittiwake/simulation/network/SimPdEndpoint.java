package dev.kittiwake.simulation.network;

import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.simulation.time.Machine;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One member of the placement driver as seen from one machine. */
public final class SimPdEndpoint implements PdEndpoint {
  private final SimCalls calls;
  private final Machine self;
  private final Machine member;
  private final Supplier<PdEndpoint> door; // null while it does not listen

  public SimPdEndpoint(SimCalls calls, Machine self, Machine member, Supplier<PdEndpoint> door) {
    this.calls = calls;
    this.self = self;
    this.member = member;
    this.door = door;
  }

  @Override
  public <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request) {
    return calls.call(
        self,
        member,
        method.name(),
        request,
        arrived -> {
          PdEndpoint there = door.get();
          return there == null ? null : there.call(method, arrived);
        },
        0,
        null);
  }

  @Override
  public CompletableFuture<Long> timestamps(long clusterId, int count) {
    return calls.call(
        self,
        member,
        "Tso",
        count,
        arrived -> {
          PdEndpoint there = door.get();
          return there == null ? null : there.timestamps(clusterId, arrived);
        },
        0,
        null);
  }

  @Override
  public RegionHeartbeats openRegionHeartbeats(
      Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed) {
    Stream stream = new Stream(responses, closed);
    stream.open();
    return stream;
  }

  /** A stream in both directions; each keeps its order, and the stream breaks as a whole. */
  private final class Stream implements RegionHeartbeats {
    private final Consumer<RegionHeartbeatResponse> responses;
    private final Consumer<Throwable> closed;
    private final SimNetwork network = calls.network();
    private final int selfLife = self.life();
    private final int memberLife = member.life();
    private RegionHeartbeats there; // at the member; null until the first message arrives
    private boolean ended; // on this side
    private long lastUp;
    private long lastDown;

    Stream(Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed) {
      this.responses = responses;
      this.closed = closed;
    }

    void open() {
      if (!member.isRunning()) {
        breakAfter(network.delay(), "connection refused by " + member.name());
        return;
      }
      member.onHalt(() -> breakAfter(network.delay(), member.name() + " has ended"));
      self.onHalt(() -> endThere(network.delay()));
    }

    @Override
    public void send(RegionHeartbeatRequest heartbeat) {
      if (ended) {
        return;
      }
      RegionHeartbeatRequest sent = SimCalls.overTheWire(heartbeat, network.time());
      long at = network.route(self, member);
      if (at < 0) {
        lose(at);
        return;
      }
      lastUp = Math.max(lastUp, at);
      network.time().deliver(lastUp, member, "RegionHeartbeat", () -> arrive(sent));
    }

    private void lose(long fate) {
      if (fate == SimNetwork.CUT) {
        breakAfter(network.noticeDelay(), "no way to " + member.name());
        endThere(network.noticeDelay());
      } else {
        breakAfter(network.delay(), "connection reset by " + member.name());
        endThere(network.delay());
      }
    }

    private void arrive(RegionHeartbeatRequest heartbeat) {
      if (!member.lives(memberLife) || ended) {
        return;
      }
      if (there == null) {
        PdEndpoint listening = door.get();
        if (listening == null) {
          breakAfter(network.delay(), "connection refused by " + member.name());
          return;
        }
        there = listening.openRegionHeartbeats(this::push, this::endedThere);
      }
      there.send(heartbeat);
    }

    private void push(RegionHeartbeatResponse response) {
      if (!member.lives(memberLife)) {
        return;
      }
      RegionHeartbeatResponse sent = SimCalls.overTheWire(response, network.time());
      long at = network.route(member, self);
      if (at < 0) {
        lose(at);
        return;
      }
      lastDown = Math.max(lastDown, at);
      network
          .time()
          .deliver(
              lastDown,
              self,
              "RegionStep",
              () -> {
                if (!ended && self.lives(selfLife)) {
                  responses.accept(sent);
                }
              });
    }

    private void endedThere(Throwable cause) {
      breakAfter(network.delay(), String.valueOf(cause.getMessage()));
    }

    private void breakAfter(long nanos, String why) {
      if (!self.lives(selfLife)) {
        return;
      }
      self.later(
          nanos,
          "stream broken",
          () -> {
            if (!ended) {
              ended = true;
              closed.accept(Status.UNAVAILABLE.withDescription(why).asRuntimeException());
            }
          });
    }

    private void endThere(long nanos) {
      if (member.lives(memberLife)) {
        member.later(
            nanos,
            "stream broken",
            () -> {
              if (there != null) {
                there.close();
                there = null;
              }
            });
      }
    }

    @Override
    public void close() {
      ended = true;
      endThere(network.delay());
    }
  }
}

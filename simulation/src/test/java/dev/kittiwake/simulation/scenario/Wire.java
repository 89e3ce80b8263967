package dev.kittiwake.simulation.scenario;

import dev.kittiwake.proto.kvrpcpb.CommitRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.simulation.network.SimCalls;
import dev.kittiwake.simulation.network.SimCalls.Fate;
import dev.kittiwake.simulation.network.SimKvRpc;
import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.simulation.world.SimStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The calls of one client to the stores: counts them, and lets a story lose or hold certain ones.
 */
final class Wire implements SimCalls.Interference {
  /** One call, when it was made. */
  record Sent(String method, Object request, Machine to) {
    boolean is(String name) {
      return method.equals(name);
    }

    /** Whether it writes or commits {@code key}. */
    boolean concerns(String key) {
      if (request instanceof PrewriteRequest prewrite) {
        return prewrite.getMutationsList().stream()
            .anyMatch(mutation -> mutation.getKey().toStringUtf8().equals(key));
      }
      return request instanceof CommitRequest commit
          && commit.getKeysList().stream().anyMatch(each -> each.toStringUtf8().equals(key));
    }
  }

  private record Order(Predicate<Sent> which, Fate fate) {}

  private final Scenario cluster;
  private final SimClient client;
  private final List<Sent> sent = new ArrayList<>();
  private final List<Order> orders = new ArrayList<>();

  private Wire(Scenario cluster, SimClient client) {
    this.cluster = cluster;
    this.client = client;
  }

  /** Listens to {@code client} from now on, and to nobody else. */
  static Wire of(Scenario cluster, SimClient client) {
    Wire wire = new Wire(cluster, client);
    cluster.world().calls().interfere(wire);
    return wire;
  }

  @Override
  public Fate fate(Machine from, Machine to, String what, Object request) {
    if (from != client.machine()) {
      return Fate.GOOD;
    }
    Sent call = new Sent(what, request, to);
    sent.add(call);
    for (Order order : orders) {
      if (order.which().test(call)) {
        return order.fate();
      }
    }
    return Fate.GOOD;
  }

  /** The calls that {@code which} accepts have this fate; the first order that fits counts. */
  void order(Predicate<Sent> which, Fate fate) {
    orders.add(new Order(which, fate));
  }

  /** Nothing is lost or held any more, but for what is held already. */
  void forgetOrders() {
    orders.clear();
  }

  void forgetCalls() {
    sent.clear();
  }

  List<Sent> sent(Predicate<Sent> which) {
    return sent.stream().filter(which).toList();
  }

  boolean hasSent(Predicate<Sent> which) {
    return !sent(which).isEmpty();
  }

  /** Sends a request once more, as a network or a confused client might, and gives the answer. */
  <Q, R> R again(Sent call, KvMethod<Q, R> method, Class<Q> type) {
    for (SimStore store : cluster.world().stores()) {
      if (store.machine() == call.to()) {
        SimKvRpc rpc =
            new SimKvRpc(
                cluster.world().calls(), client.machine(), address -> store, 5_000_000_000L);
        CompletableFuture<R> answer =
            rpc.endpoint(store.address()).call(method, type.cast(call.request()));
        return cluster.await(answer);
      }
    }
    throw new IllegalArgumentException("not a call to a store: " + call);
  }
}

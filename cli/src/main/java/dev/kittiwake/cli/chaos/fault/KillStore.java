package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** {@code kill -9} of a store, which is started again after {@code downMillis}. */
record KillStore(String store, long downMillis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new KillStore(Draw.store(random, stores), brisk ? 0 : Draw.millis(random, 0, 10_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.KILL_STORE;
  }

  @Override
  public String describe() {
    return "kill -9 " + store + (downMillis == 0 ? "" : ", down for " + Draw.seconds(downMillis));
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node node = arena.node(store);
    arena.killLeaders(node);
    arena.hold(downMillis);
    arena.startAll();
  }
}

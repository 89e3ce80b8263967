package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** Power cut of all stores and of the placement driver. */
record PowerCutAll(long downMillis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new PowerCutAll(brisk ? 0 : Draw.millis(random, 0, 3_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.POWER_CUT_ALL;
  }

  @Override
  public String describe() {
    return "power cut of everything"
        + (downMillis == 0 ? "" : ", down for " + Draw.seconds(downMillis));
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    for (Node node : arena.cluster().nodes()) {
      node.disk().orElseThrow().cutPower();
    }
    for (Node node : arena.cluster().nodes()) {
      node.process().kill();
    }
    arena.hold(downMillis);
    for (Node node : arena.cluster().nodes()) {
      node.disk().orElseThrow().restorePower();
    }
    arena.startAll();
  }
}

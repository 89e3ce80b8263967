package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.disk.LoopDisk;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** Power cut of one store: what was not synced is gone. */
record PowerCut(String store, long downMillis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new PowerCut(Draw.store(random, stores), brisk ? 0 : Draw.millis(random, 0, 8_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.POWER_CUT;
  }

  @Override
  public String describe() {
    return "power cut of "
        + store
        + (downMillis == 0 ? "" : ", down for " + Draw.seconds(downMillis));
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node node = arena.node(store);
    LoopDisk disk = node.disk().orElseThrow();
    disk.cutPower();
    node.process().kill();
    arena.hold(downMillis);
    disk.restorePower();
    arena.startAll();
  }
}

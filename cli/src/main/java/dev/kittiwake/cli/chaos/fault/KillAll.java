package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** {@code kill -9} of every process at once. */
record KillAll(long downMillis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new KillAll(brisk ? 0 : Draw.millis(random, 0, 3_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.KILL_ALL;
  }

  @Override
  public String describe() {
    return "kill -9 of everything"
        + (downMillis == 0 ? "" : ", down for " + Draw.seconds(downMillis));
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    for (Node node : arena.cluster().nodes()) {
      node.process().kill();
    }
    arena.hold(downMillis);
    arena.startAll();
  }
}

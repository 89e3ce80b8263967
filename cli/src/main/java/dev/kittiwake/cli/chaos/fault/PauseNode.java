package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** SIGSTOP, and SIGCONT after a while: as a long pause of the garbage collector or of a host. */
record PauseNode(String node, long millis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new PauseNode(
        Draw.node(random, stores), Draw.millis(random, 300, brisk ? 3_000 : 12_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.PAUSE;
  }

  @Override
  public String describe() {
    return "SIGSTOP " + node + " for " + Draw.seconds(millis);
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node paused = arena.node(node);
    paused.process().pause();
    try {
      arena.hold(millis);
    } finally {
      paused.process().resume();
    }
  }
}

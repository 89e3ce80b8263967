package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** SIGTERM: the store hands its leaders over and ends; it is started again. */
record StopStore(String store) implements Fault {
  private static final int ENDED_BY_TERM = 143;
  private static final long PATIENCE_SECONDS = 40;

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new StopStore(Draw.store(random, stores));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.STOP_STORE;
  }

  @Override
  public String describe() {
    return "SIGTERM to " + store;
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node node = arena.node(store);
    int status = node.process().terminate(PATIENCE_SECONDS);
    if (status != ENDED_BY_TERM && status != 0) {
      arena.violation(
          "a store that is told to stop stops cleanly", store + " ended with " + status);
    }
    arena.startAll();
  }
}

package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * A store is drained while clients work: its replicas move away until it is a tombstone, then it
 * ends and its data goes. It can come back as a spare, under another id.
 */
record DrainStore(String store) implements Fault {
  private static final long PATIENCE_MILLIS = 600_000;
  private static final int FEWEST = 3; // replicas of a region

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new DrainStore(Draw.store(random, stores));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.DRAIN_STORE;
  }

  @Override
  public String describe() {
    return store + " is drained";
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node leaving = arena.node(store);
    if (arena.cluster().stores().size() <= FEWEST && arena.cluster().add().isEmpty()) {
      arena.note("too few stores to drain one");
      return;
    }
    long id = arena.cluster().pages().stores().get(leaving.address());
    arena.cluster().pages().drain(id);
    boolean gone =
        arena.comesTrue(
            PATIENCE_MILLIS, () -> arena.cluster().pages().storeState(id).equals("Tombstone"));
    if (!gone) {
      arena.violation(
          "a drained store becomes a tombstone",
          "%s (store %d) is %s after %s and has %d replicas"
              .formatted(
                  leaving.name(),
                  id,
                  arena.cluster().pages().storeState(id),
                  Draw.seconds(PATIENCE_MILLIS),
                  arena
                      .cluster()
                      .pages()
                      .replicas(leaving.statusAddress())
                      .map(java.util.List::size)
                      .orElse(-1)));
      return;
    }
    arena.note(leaving.name() + " (store " + id + ") is a tombstone");
    arena.cluster().takeAway(leaving);
  }
}

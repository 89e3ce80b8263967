package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.disk.SyncTrouble;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** Each sync of one store returns later. */
record SlowDisk(String store, long delayMillis, long millis) implements Fault {
  private static final long LAST_SECONDS = 3; // one that has decided to stop may need so long

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new SlowDisk(
        Draw.store(random, stores),
        Draw.millis(random, 100, 1_500),
        Draw.millis(random, 3_000, brisk ? 6_000 : 20_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.SLOW_DISK;
  }

  @Override
  public String describe() {
    return "each fsync of "
        + store
        + " takes "
        + Draw.seconds(delayMillis)
        + " more for "
        + Draw.seconds(millis);
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node node = arena.node(store);
    try (SyncTrouble trouble =
        SyncTrouble.slow(
            node.process().pid(), delayMillis, arena.cluster().directory().resolve("strace.log"))) {
      arena.hold(millis);
    }
    if (node.process().awaitEnd(LAST_SECONDS)) {
      arena.note(store + " stopped by itself on its slow disk");
      arena.startAll();
    }
  }
}

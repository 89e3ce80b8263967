package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.disk.LoopDisk;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** The disk of one store has no byte left for a while. */
record FullDisk(String store, long millis) implements Fault {
  private static final long LAST_SECONDS = 3; // one that has decided to stop may need so long

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new FullDisk(
        Draw.store(random, stores), Draw.millis(random, 3_000, brisk ? 6_000 : 20_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.FULL_DISK;
  }

  @Override
  public String describe() {
    return "disk of " + store + " full for " + Draw.seconds(millis);
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node node = arena.node(store);
    LoopDisk disk = node.disk().orElseThrow();
    disk.fill();
    try {
      arena.hold(millis);
    } finally {
      disk.free();
    }
    if (node.process().awaitEnd(LAST_SECONDS)) {
      arena.note(store + " stopped by itself on its full disk");
    }
    arena.startAll();
  }
}

package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.disk.SyncTrouble;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** Syncs of one store fail: it must stop, as a sync that is repeated may lie. */
record FsyncError(String store) implements Fault {
  private static final long MUST_STOP_SECONDS = 20;

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new FsyncError(Draw.store(random, stores));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.FSYNC_ERROR;
  }

  @Override
  public String describe() {
    return "every fsync of " + store + " fails";
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node node = arena.node(store);
    boolean stopped;
    try (SyncTrouble trouble =
        SyncTrouble.failing(
            node.process().pid(), arena.cluster().directory().resolve("strace.log"))) {
      stopped = node.process().awaitEnd(MUST_STOP_SECONDS);
    }
    if (!stopped) {
      arena.violation(
          "a store whose fsync fails stops",
          store + " still runs after " + MUST_STOP_SECONDS + " s of failing syncs");
      node.process().kill();
    }
    arena.startAll();
  }
}

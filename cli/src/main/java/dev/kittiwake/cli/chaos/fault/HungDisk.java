package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.disk.SyncTrouble;
import dev.kittiwake.cli.chaos.process.ClusterPages.Replica;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * No sync of one store returns. Whatever it leads and clients write to must find a leader
 * elsewhere: a region whose leader cannot store answers nobody.
 */
record HungDisk(String store, long millis) implements Fault {
  /** As long as leaders may take to leave. */
  static final long LEAVE_MILLIS = 15_000;

  private static final long HANGING_MILLIS = 60_000; // ends with the fault
  private static final long LOOK_MILLIS = 100;
  private static final long LAST_SECONDS = 3; // one that has decided to stop may need so long

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new HungDisk(
        Draw.store(random, stores),
        LEAVE_MILLIS + Draw.millis(random, 1_000, brisk ? 2_000 : 9_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.HUNG_DISK;
  }

  @Override
  public String describe() {
    return "no fsync of " + store + " returns for " + Draw.seconds(millis);
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node node = arena.node(store);
    try (SyncTrouble trouble =
        SyncTrouble.slow(
            node.process().pid(),
            HANGING_MILLIS,
            arena.cluster().directory().resolve("strace.log"))) {
      watchLeaders(arena, node);
    }
    if (node.process().awaitEnd(LAST_SECONDS)) {
      arena.note(store + " stopped by itself on its hung disk");
      arena.startAll();
    }
  }

  /** Notes when the last region that was written to had left. */
  private void watchLeaders(Arena arena, Node node) throws InterruptedException {
    long begun = arena.millis();
    long lastStuck = -1;
    while (arena.millis() < begun + millis) {
      if (ledInVain(arena, node)) {
        lastStuck = arena.millis();
      }
      arena.hold(LOOK_MILLIS);
    }
    if (lastStuck < 0) {
      arena.note(store + " led nothing that was written to");
      return;
    }
    long left = lastStuck - begun;
    arena.leadersLeft(left);
    arena.note("leaders had left " + store + " after " + Draw.seconds(left));
    if (left > LEAVE_MILLIS) {
      arena.violation(
          "leaders leave a hung disk within " + LEAVE_MILLIS / 1_000 + " s",
          store + " still led a region that others wrote to after " + Draw.seconds(left));
    }
  }

  /** Whether it leads a region whose newest writes it cannot apply, as it cannot store them. */
  private static boolean ledInVain(Arena arena, Node node) {
    List<Replica> replicas =
        arena.cluster().pages().replicas(node.statusAddress()).orElse(List.of());
    return replicas.stream()
        .anyMatch(replica -> replica.leader() && replica.commit() > replica.applied());
  }
}

package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.process.ClusterPages;
import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A new store joins while clients work, and is given replicas. */
record AddStore() implements Fault {
  private static final long PATIENCE_MILLIS = 300_000;

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new AddStore();
  }

  @Override
  public FaultKind kind() {
    return FaultKind.ADD_STORE;
  }

  @Override
  public String describe() {
    return "a store is added";
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Optional<Node> added = arena.cluster().add();
    if (added.isEmpty()) {
      arena.note("all spares are in use");
      return;
    }
    arena.note(added.get().name() + " has joined");
    int fewest = Math.max(1, arena.cluster().pages().regions().size() / 10);
    if (!arena.comesTrue(PATIENCE_MILLIS, () -> replicas(arena, added.get()) >= fewest)) {
      arena.violation(
          "an added store is given replicas",
          added.get().name()
              + " has "
              + replicas(arena, added.get())
              + " after "
              + Draw.seconds(PATIENCE_MILLIS)
              + ", at least "
              + fewest
              + " were expected");
    }
  }

  private static int replicas(Arena arena, Node store) {
    return arena
        .cluster()
        .pages()
        .replicas(store.statusAddress())
        .map(List<ClusterPages.Replica>::size)
        .orElse(0);
  }
}

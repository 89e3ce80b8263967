package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.process.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** The wall clock of one node jumps, and back after a while. */
record ClockJump(String node, long seconds, long millis) implements Fault {
  private static final long[] JUMPS = {-86_400, -3_600, -60, -2, 2, 60, 3_600, 86_400};

  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new ClockJump(
        Draw.node(random, stores),
        JUMPS[random.nextInt(JUMPS.length)],
        Draw.millis(random, 2_000, brisk ? 5_000 : 15_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.CLOCK_JUMP;
  }

  @Override
  public String describe() {
    return "clock of " + node + " jumps by " + seconds + " s for " + Draw.seconds(millis);
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    Node jumping = arena.node(node);
    Path clock = jumping.clock().orElseThrow();
    shift(clock, seconds);
    try {
      arena.hold(millis);
    } finally {
      shift(clock, 0);
    }
  }

  private static void shift(Path clock, long seconds) throws IOException {
    Files.writeString(clock, (seconds < 0 ? "" : "+") + seconds + "\n");
  }
}

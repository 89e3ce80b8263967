package dev.kittiwake.cli.chaos.fault;

import java.io.IOException;
import java.util.random.RandomGenerator;

/** {@code kill -9} of the placement driver. */
record KillPd(long downMillis) implements Fault {
  static Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return new KillPd(brisk ? 0 : Draw.millis(random, 0, 8_000));
  }

  @Override
  public FaultKind kind() {
    return FaultKind.KILL_PD;
  }

  @Override
  public String describe() {
    return "kill -9 pd" + (downMillis == 0 ? "" : ", down for " + Draw.seconds(downMillis));
  }

  @Override
  public void strike(Arena arena) throws IOException, InterruptedException {
    arena.cluster().pd().process().kill();
    arena.hold(downMillis);
    arena.startAll();
  }
}

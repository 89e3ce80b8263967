package dev.kittiwake.simulation.fault;

import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.simulation.world.SimPd;
import dev.kittiwake.simulation.world.World;
import java.util.List;
import java.util.Optional;

/** Members of the placement driver that come and go. */
final class MemberChanges {
  private static final int NEWCOMERS = 2;
  private static final int LEAST = 2;
  private static final int TRIES = 60;
  private static final long PAUSE_NANOS = 1_000_000_000L;

  private final World world;
  private int newcomers;

  MemberChanges(World world) {
    this.world = world;
  }

  /** A new member asks to be let in, again and again; not if there were enough of them. */
  void join(long drawn) {
    if (newcomers++ < NEWCOMERS) {
      SimPd newcomer = world.addPd();
      ask(newcomer, Identity.newcomer(newcomer.machine().name(), drawn + 1), TRIES);
    }
  }

  private void ask(SimPd newcomer, Identity identity, int tries) {
    if (newcomer.isMember() || tries == 0) {
      return;
    }
    leader().ifPresent(leader -> newcomer.joinAt(leader, identity));
    world.time().later(PAUSE_NANOS, "ask to join", () -> ask(newcomer, identity, tries - 1));
  }

  /** A member is told to leave, if enough stay. It may be the leader, or down. */
  void dismiss(long number) {
    List<SimPd> staying =
        world.pds().stream().filter(pd -> pd.isMember() && !pd.isToldToLeave()).toList();
    if (staying.size() > LEAST) {
      SimPd leaving = staying.get((int) (number % staying.size()));
      leader().ifPresent(leaving::dismissBy);
    }
  }

  private Optional<SimPd> leader() {
    return world.pds().stream()
        .filter(pd -> pd.server() != null && !pd.machine().isPaused() && pd.server().leads())
        .findFirst();
  }
}

package dev.kittiwake.simulation.fault;

import java.util.EnumSet;
import java.util.Set;

/**
 * Every kind of fault and operator, and where what it does is written. Numbers of stores and
 * members count from 0.
 */
public enum FaultKind {
  /** kill -9 of a store. */
  KILL_STORE(12, ProcessFaults::killStore),
  /** The store's machine loses its power. */
  CUT_POWER(10, ProcessFaults::cutPower),
  /** The power fails within one of the next {@code amount} uses of the disk. */
  CUT_POWER_IN_WRITE(8, ProcessFaults::cutPowerInWrite),
  /** The power fails everywhere at once. */
  CUT_ALL_POWER(2, ProcessFaults::cutAllPower),
  /** SIGSTOP of a store. */
  PAUSE_STORE(8, ProcessFaults::pauseStore),
  /** kill -9 of a member of the placement driver. */
  KILL_PD(3, ProcessFaults::killPd),
  /** A member's machine loses its power. */
  CUT_PD_POWER(3, ProcessFaults::cutPdPower),
  PAUSE_PD(3, ProcessFaults::pausePd),
  /** A client dies between any two calls; another takes its place. */
  KILL_CLIENT(6, ProcessFaults::killClient),
  PAUSE_CLIENT(2, ProcessFaults::pauseClient),
  /** Nothing passes between two machines. */
  CUT_LINK(8, NetworkFaults::cutLink),
  /** Nothing passes in one direction. */
  CUT_ONE_WAY(8, NetworkFaults::cutOneWay),
  /** A machine is cut off from all others. */
  ISOLATE(8, NetworkFaults::isolate),
  /** A store is cut off from the other stores only. */
  ISOLATE_FROM_STORES(6, NetworkFaults::isolateFromStores),
  /** A machine is heard by all and hears nobody ({@code amount} 0), or the other way round. */
  DEAF_OR_MUTE(6, NetworkFaults::deafOrMute),
  /** What is sent on a link arrives only later. */
  CLOG(8, NetworkFaults::clog),
  /** Stops the links of some machines one by one, and restores them in another order. */
  SWIZZLE(3, NetworkFaults::swizzle),
  SLOW_LINK(5, NetworkFaults::slowLink),
  /** The next force of a store's disk fails. */
  FAIL_FORCE(5, DiskFaults::failForce),
  /** Forces of a store's disk take about {@code amount} ms. */
  SLOW_DISK(6, DiskFaults::slowDisk),
  /** A store's disk does not answer. */
  HANG_DISK(5, DiskFaults::hangDisk),
  SLOW_PD_DISK(3, DiskFaults::slowPdDisk),
  /** A store's disk is full for a while. */
  FULL_DISK(3, DiskFaults::fullDisk),
  /** A machine's clock runs wrong by {@code amount} per mille, within what is promised. */
  DRIFT(5, ClockFaults::drift),
  /** A machine's wall clock jumps by {@code amount} ms. */
  JUMP(3, ClockFaults::jump),
  /** A region is split at some key. */
  SPLIT(10, OperatorFaults::split),
  /** A region's leader is asked to hand over. */
  TRANSFER(12, OperatorFaults::transfer),
  /** A region gets a learner on a store that has none, or its learner becomes a voter. */
  ADD_PEER(6, OperatorFaults::addPeer),
  /** A region loses its peer on a store. */
  REMOVE_PEER(6, OperatorFaults::removePeer),
  /** A region is told to become part of its neighbour. */
  MERGE(OperatorFaults::merge),
  /** kill -9 right after the {@code amount}th of a store's next events, between two steps. */
  KILL_BETWEEN_STEPS(ProcessFaults::killBetweenSteps),
  /** SIGSTOP of any process, right after the {@code amount}th of its next events. */
  PAUSE_BETWEEN_STEPS(ProcessFaults::pauseBetweenSteps),
  /** A bit of a store's log turns. */
  ROT_LOG(4, 60_000, DiskFaults::rotLog),
  /** A write to a store's log is lost, or lands elsewhere, and is reported as done. */
  MISPLACE_LOG_WRITE(4, 60_000, DiskFaults::misplaceLogWrite),
  /** A new store joins. */
  ADD_STORE(4, 120_000, OperatorFaults::addStore),
  /** A store is told to hand over all it has, and to go. */
  DRAIN_STORE(4, 120_000, OperatorFaults::drainStore),
  /**
   * A store's clock runs at half to twice the right rate, far beyond what leases allow for: reads
   * may be stale then, but no write may be lost.
   */
  WILD_DRIFT(8, 30_000, ClockFaults::wildDrift),
  /** A new member of the placement driver joins. */
  ADD_MEMBER(3, 60_000, OperatorFaults::addMember),
  /** A member of the placement driver is told to leave, whoever it is. */
  REMOVE_MEMBER(3, 60_000, OperatorFaults::removeMember);

  /**
   * The kinds that share one generator. A kind that comes later has one of its own, so that it
   * shifts no seed: it stands below these, and its weight is of no account.
   */
  private static final Set<FaultKind> FOUNDING = EnumSet.range(KILL_STORE, REMOVE_PEER);

  /** What it does. */
  private interface Strike {
    void at(Stage stage, Fault fault);
  }

  private final Strike strike;
  private final int weight;
  private final int oneSeedIn;
  private final long everyMillis;

  FaultKind(int weight, Strike strike) {
    this.strike = strike;
    this.weight = weight;
    this.oneSeedIn = 0;
    this.everyMillis = 0;
  }

  /** Drawn by a generator of its own, in every other seed, 3 to 60 seconds apart. */
  FaultKind(Strike strike) {
    this(2, 60_000, strike);
  }

  /**
   * Drawn by a generator of its own.
   *
   * @param oneSeedIn one seed in so many knows it
   * @param everyMillis the longest pause between two, on average
   */
  FaultKind(int oneSeedIn, long everyMillis, Strike strike) {
    this.strike = strike;
    this.weight = 0;
    this.oneSeedIn = oneSeedIn;
    this.everyMillis = everyMillis;
  }

  int oneSeedIn() {
    return oneSeedIn;
  }

  long everyMillis() {
    return everyMillis;
  }

  static Set<FaultKind> founding() {
    return FOUNDING;
  }

  static Set<FaultKind> later() {
    return EnumSet.complementOf(EnumSet.copyOf(FOUNDING));
  }

  /** How often it is drawn, compared with others. */
  int weight() {
    return weight;
  }

  void strike(Stage stage, Fault fault) {
    strike.at(stage, fault);
  }
}

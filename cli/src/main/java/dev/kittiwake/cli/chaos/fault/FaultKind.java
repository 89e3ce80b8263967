package dev.kittiwake.cli.chaos.fault;

import dev.kittiwake.cli.chaos.ability.Ability;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The kinds of faults, by the names that the command line knows. */
public enum FaultKind {
  KILL_STORE("kill -9 of a store", KillStore::draw, Ability.SIGNALS),
  KILL_PD("kill -9 of the placement driver", KillPd::draw, Ability.SIGNALS),
  KILL_ALL("kill -9 of every process", KillAll::draw, Ability.SIGNALS),
  STOP_STORE("SIGTERM to a store, which hands over", StopStore::draw, Ability.SIGNALS),
  PAUSE("SIGSTOP, later SIGCONT", PauseNode::draw, Ability.SIGNALS),
  PARTITION("a node cut off from the others", Partition::draw, Ability.SOCKET_OWNERS),
  ONE_WAY("a store that is deaf, or mute", OneWay::draw, Ability.SOCKET_OWNERS),
  SLOW_NETWORK("a node behind a slow network", SlowNetwork::draw, Ability.SOCKET_OWNERS),
  CUT_CONNECTIONS("connections cut in mid-flight", CutConnections::draw, Ability.SOCKET_OWNERS),
  SLOW_DISK("syncs of a store slow", SlowDisk::draw, Ability.SYNC_TROUBLE),
  HUNG_DISK("syncs of a store never return", HungDisk::draw, Ability.SYNC_TROUBLE),
  FSYNC_ERROR("syncs of a store fail", FsyncError::draw, Ability.SYNC_TROUBLE),
  FULL_DISK("no space left for a store", FullDisk::draw, Ability.LOOP_DISKS),
  POWER_CUT("power cut of a store", PowerCut::draw, Ability.LOOP_DISKS, Ability.POWER_CUT),
  POWER_CUT_ALL(
      "power cut of everything", PowerCutAll::draw, Ability.LOOP_DISKS, Ability.POWER_CUT),
  CLOCK_JUMP("wall clock of a node jumps", ClockJump::draw, Ability.CLOCKS),
  ADD_STORE("a spare store joins", AddStore::draw, Ability.SIGNALS),
  DRAIN_STORE("a store is drained and ends", DrainStore::draw, Ability.SIGNALS);

  private final String description;
  private final Drawer drawer;
  private final List<Ability> needs;

  FaultKind(String description, Drawer drawer, Ability... needs) {
    this.description = description;
    this.drawer = drawer;
    this.needs = List.of(needs);
  }

  /** Draws one fault of a kind. */
  private interface Drawer {
    /**
     * @param brisk whether the harm is to be as short as it makes sense
     */
    Fault draw(RandomGenerator random, int stores, boolean brisk);
  }

  /** The name as written on the command line, for example {@code kill-store}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String description() {
    return description;
  }

  /** Whether stores come and go; only for clusters with spares. */
  public boolean needsSpares() {
    return this == ADD_STORE || this == DRAIN_STORE;
  }

  public List<Ability> needs() {
    return needs;
  }

  Fault draw(RandomGenerator random, int stores, boolean brisk) {
    return drawer.draw(random, stores, brisk);
  }

  /**
   * The kinds of these names; {@code all} stands for every one that needs no spares.
   *
   * @throws IllegalArgumentException naming what is not known
   */
  public static Set<FaultKind> parse(List<String> names) {
    Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    for (String name : names) {
      if (name.equals("all")) {
        Arrays.stream(values()).filter(kind -> !kind.needsSpares()).forEach(kinds::add);
      } else {
        kinds.add(
            Arrays.stream(values())
                .filter(kind -> kind.label().equals(name))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "there is no fault '" + name + "': choose of all, " + labels())));
      }
    }
    return kinds;
  }

  /** All names, for help texts. */
  public static String labels() {
    return String.join(", ", Arrays.stream(values()).map(FaultKind::label).toList());
  }
}

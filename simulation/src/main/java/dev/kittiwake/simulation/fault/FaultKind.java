package dev.kittiwake.simulation.fault;

import dev.kittiwake.simulation.network.SimNetwork;
import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.world.SimPd;
import dev.kittiwake.simulation.world.SimStore;
import java.util.EnumSet;
import java.util.Set;

/**
 * Every kind of fault and operator, and what it does. Numbers of stores and members count from 0.
 */
public enum FaultKind {
  /** kill -9 of a store. */
  KILL_STORE(12) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      if (store.machine().isRunning()) {
        store.kill();
        stage.restartLater(store, fault.millis());
      }
    }
  },
  /** The store's machine loses its power. */
  CUT_POWER(10) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      if (store.machine().isRunning()) {
        store.cutPower();
        stage.restartLater(store, fault.millis());
      }
    }
  },
  /** The power fails within one of the next {@code amount} uses of the disk. */
  CUT_POWER_IN_WRITE(8) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      if (store.machine().isRunning()) {
        store
            .disk()
            .crashAfter(
                1 + fault.amount(),
                () -> {
                  store.cutPower();
                  stage.restartLater(store, fault.millis());
                });
      }
    }
  },
  /** The power fails everywhere at once. */
  CUT_ALL_POWER(2) {
    @Override
    void strike(Stage stage, Fault fault) {
      for (SimStore store : stage.world().stores()) {
        if (store.machine().isRunning()) {
          store.cutPower();
          stage.restartLater(store, fault.millis());
        }
      }
      for (SimPd pd : stage.world().pds()) {
        if (pd.machine().isRunning()) {
          pd.cutPower();
          stage.restartLater(pd, fault.millis());
        }
      }
    }
  },
  /** SIGSTOP of a store. */
  PAUSE_STORE(8) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.pause(stage.store(fault.target()).machine(), fault.millis());
    }
  },
  /** kill -9 of a member of the placement driver. */
  KILL_PD(3) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimPd pd = stage.pd(fault.target());
      if (pd.machine().isRunning()) {
        pd.kill();
        stage.restartLater(pd, fault.millis());
      }
    }
  },
  /** A member's machine loses its power. */
  CUT_PD_POWER(3) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimPd pd = stage.pd(fault.target());
      if (pd.machine().isRunning()) {
        pd.cutPower();
        stage.restartLater(pd, fault.millis());
      }
    }
  },
  PAUSE_PD(3) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.pause(stage.pd(fault.target()).machine(), fault.millis());
    }
  },
  /** A client dies between any two calls; another takes its place. */
  KILL_CLIENT(6) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.killClient(fault.target());
    }
  },
  PAUSE_CLIENT(2) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.pause(stage.client(fault.target()).machine(), fault.millis());
    }
  },
  /** Nothing passes between two machines. */
  CUT_LINK(8) {
    @Override
    void strike(Stage stage, Fault fault) {
      cut(stage, stage.machine(fault.target()), stage.machine(fault.other()), fault.millis());
      cut(stage, stage.machine(fault.other()), stage.machine(fault.target()), fault.millis());
    }
  },
  /** Nothing passes in one direction. */
  CUT_ONE_WAY(8) {
    @Override
    void strike(Stage stage, Fault fault) {
      cut(stage, stage.machine(fault.target()), stage.machine(fault.other()), fault.millis());
    }
  },
  /** A machine is cut off from all others. */
  ISOLATE(8) {
    @Override
    void strike(Stage stage, Fault fault) {
      Machine alone = stage.machine(fault.target());
      for (Machine other : stage.world().machines()) {
        cut(stage, alone, other, fault.millis());
        cut(stage, other, alone, fault.millis());
      }
    }
  },
  /** A store is cut off from the other stores only. */
  ISOLATE_FROM_STORES(6) {
    @Override
    void strike(Stage stage, Fault fault) {
      Machine alone = stage.store(fault.target()).machine();
      for (SimStore other : stage.world().stores()) {
        cut(stage, alone, other.machine(), fault.millis());
        cut(stage, other.machine(), alone, fault.millis());
      }
    }
  },
  /** A machine is heard by all and hears nobody ({@code amount} 0), or the other way round. */
  DEAF_OR_MUTE(6) {
    @Override
    void strike(Stage stage, Fault fault) {
      Machine half = stage.machine(fault.target());
      for (Machine other : stage.world().machines()) {
        cut(
            stage,
            fault.amount() % 2 == 0 ? other : half,
            fault.amount() % 2 == 0 ? half : other,
            fault.millis());
      }
    }
  },
  /** What is sent on a link arrives only later. */
  CLOG(8) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimNetwork network = stage.world().network();
      network.clog(
          stage.machine(fault.target()),
          stage.machine(fault.other()),
          fault.millis() * Stage.MILLI);
    }
  },
  /** Stops the links of some machines one by one, and restores them in another order. */
  SWIZZLE(3) {
    @Override
    void strike(Stage stage, Fault fault) {
      int machines = stage.world().machines().size();
      for (int i = 0; i < machines; i++) {
        if ((fault.amount() >> i & 1) == 1) {
          Machine one = stage.world().machines().get(i);
          long begin = fault.millis() * i / machines / 2;
          long end = fault.millis() / 2 + fault.millis() * (i * 7 % machines) / machines / 2;
          stage
              .world()
              .time()
              .later(begin * Stage.MILLI, "swizzle", () -> cutAll(stage, one, end - begin));
        }
      }
    }
  },
  SLOW_LINK(5) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimNetwork network = stage.world().network();
      Machine from = stage.machine(fault.target());
      Machine to = stage.machine(fault.other());
      network.slow(from, to, (1 + fault.amount()) * Stage.MILLI);
      stage
          .world()
          .time()
          .later(
              fault.millis() * Stage.MILLI, "link is fast again", () -> network.slow(from, to, 0));
    }
  },
  /** The next force of a store's disk fails. */
  FAIL_FORCE(5) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      store.disk().failForces(1);
      stage.restartIfItDies(store, fault.millis());
    }
  },
  /** Forces of a store's disk take about {@code amount} ms. */
  SLOW_DISK(6) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      store.disk().slow((1 + fault.amount()) * Stage.MILLI);
      stage
          .world()
          .time()
          .later(
              fault.millis() * Stage.MILLI, "disk is fast again", () -> store.disk().slow(500_000));
    }
  },
  /** A store's disk does not answer. */
  HANG_DISK(5) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage
          .store(fault.target())
          .disk()
          .hangUntil(stage.world().time().now() + fault.millis() * Stage.MILLI);
    }
  },
  SLOW_PD_DISK(3) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage
          .pd(fault.target())
          .disk()
          .hangUntil(stage.world().time().now() + fault.millis() * Stage.MILLI);
    }
  },
  /** A store's disk is full for a while. */
  FULL_DISK(3) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      store.disk().full(true);
      stage.restartIfItDies(store, fault.millis());
      stage
          .world()
          .time()
          .later(fault.millis() * Stage.MILLI, "disk has room", () -> store.disk().full(false));
    }
  },
  /** A machine's clock runs wrong by {@code amount} per mille, within what is promised. */
  DRIFT(5) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.machine(fault.target()).drift(1 + fault.amount() / 1000.0);
    }
  },
  /** A machine's wall clock jumps by {@code amount} ms. */
  JUMP(3) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.machine(fault.target()).jump(fault.amount() * Stage.MILLI);
    }
  },
  /** A region is split at some key. */
  SPLIT(10) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.operators().split(fault.amount());
    }
  },
  /** A region's leader is asked to hand over. */
  TRANSFER(12) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.operators().transfer(fault.amount(), fault.target());
    }
  },
  /** A region gets a learner on a store that has none, or its learner becomes a voter. */
  ADD_PEER(6) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.operators().addPeer(fault.amount(), fault.target());
    }
  },
  /** A region loses its peer on a store. */
  REMOVE_PEER(6) {
    @Override
    void strike(Stage stage, Fault fault) {
      if (!stage.losses().forbidRemovals()) {
        stage.operators().removePeer(fault.amount(), fault.target());
      }
    }
  },
  /** A region is told to become part of its neighbour. */
  MERGE {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.operators().merge(fault.amount());
    }
  },
  /** kill -9 right after the {@code amount}th of a store's next events, between two steps. */
  KILL_BETWEEN_STEPS {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      store
          .machine()
          .afterEvents(
              1 + fault.amount() % 1_000,
              () -> {
                store.kill();
                stage.restartLater(store, fault.millis());
              });
    }
  },
  /** SIGSTOP of any process, right after the {@code amount}th of its next events. */
  PAUSE_BETWEEN_STEPS {
    @Override
    void strike(Stage stage, Fault fault) {
      Machine machine = stage.machine(fault.target());
      machine.afterEvents(1 + fault.amount() % 1_000, () -> stage.pause(machine, fault.millis()));
    }
  },
  /** A bit of a store's log turns. */
  ROT_LOG(4, 60_000) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      if (stage.losses().mayDamage(store)) {
        store.disk().rot();
      }
    }
  },
  /** A write to a store's log is lost, or lands elsewhere, and is reported as done. */
  MISPLACE_LOG_WRITE(4, 60_000) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.store(fault.target());
      if (stage.losses().mayDamage(store)) {
        store.disk().misplaceNextWrite(fault.amount() % 2 == 0);
      }
    }
  },
  /** A new store joins. */
  ADD_STORE(4, 120_000) {
    @Override
    void strike(Stage stage, Fault fault) {
      SimStore store = stage.losses().newcomer();
      if (store != null) {
        store.start();
      }
    }
  },
  /** A store is told to hand over all it has, and to go. */
  DRAIN_STORE(4, 120_000) {
    @Override
    void strike(Stage stage, Fault fault) {
      stage.losses().drain(stage.store(fault.target()));
    }
  },
  /**
   * A store's clock runs at half to twice the right rate, far beyond what leases allow for: reads
   * may be stale then, but no write may be lost.
   */
  WILD_DRIFT(8, 30_000) {
    @Override
    void strike(Stage stage, Fault fault) {
      double rate = Math.pow(4, fault.amount() / (double) (1 << 16)) / 2;
      stage.store(fault.target()).machine().drift(rate);
    }
  };

  /**
   * The kinds that share one generator. A kind that comes later has one of its own, so that it
   * shifts no seed: it stands below these, and its weight is of no account.
   */
  private static final Set<FaultKind> FOUNDING = EnumSet.range(KILL_STORE, REMOVE_PEER);

  private final int weight;
  private final int oneSeedIn;
  private final long everyMillis;

  FaultKind(int weight) {
    this.weight = weight;
    this.oneSeedIn = 0;
    this.everyMillis = 0;
  }

  /** Drawn by a generator of its own, in every other seed, 3 to 60 seconds apart. */
  FaultKind() {
    this(2, 60_000);
  }

  /**
   * Drawn by a generator of its own.
   *
   * @param oneSeedIn one seed in so many knows it
   * @param everyMillis the longest pause between two, on average
   */
  FaultKind(int oneSeedIn, long everyMillis) {
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

  abstract void strike(Stage stage, Fault fault);

  private static void cut(Stage stage, Machine from, Machine to, long millis) {
    if (from == to) {
      return;
    }
    SimNetwork network = stage.world().network();
    network.cut(from, to);
    stage.world().time().later(millis * Stage.MILLI, "link joined", () -> network.join(from, to));
  }

  private static void cutAll(Stage stage, Machine one, long millis) {
    for (Machine other : stage.world().machines()) {
      cut(stage, one, other, millis);
      cut(stage, other, one, millis);
    }
  }
}

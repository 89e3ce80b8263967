package dev.kittiwake.tpcc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A measured run: starts the terminals, shows progress, waits, and puts their tallies together. */
final class Run {
  static final String COUNT_WAREHOUSES = "SELECT COUNT(*) FROM warehouse";
  static final String NEXT_ORDERS = "SELECT d_w_id, d_id, d_next_o_id FROM district";

  /**
   * After the end a terminal may still wait for one answer; longer than any sane server or driver
   * takes.
   */
  private static final Duration GRACE = Duration.ofSeconds(60);

  private static final int SHOW_EVERY_SECONDS = 5;

  private final TpccOptions options;
  private final SessionSource sessions;
  private final Retry retry;
  private final Time time;
  private final Ledger ledger;
  private final Progress progress;
  private final BooleanSupplier stopped;

  Run(
      TpccOptions options,
      SessionSource sessions,
      Time time,
      Ledger ledger,
      Progress progress,
      BooleanSupplier stopped) {
    this.options = options;
    this.sessions = sessions;
    this.retry = new Retry(sessions, time);
    this.time = time;
    this.ledger = ledger;
    this.progress = progress;
    this.stopped = stopped;
  }

  /** Runs one terminal on each of the crew's threads; there must be as many. */
  RunResult run(ExecutorService crew) throws InterruptedException {
    requireLoaded();
    Map<Key, Integer> first = nextOrders();
    Instant started = time.now();
    Interval interval = Interval.from(time.nanos(), options);
    RunContext context =
        new RunContext(
            options, sessions, time, interval, new Series(interval.seconds()), ledger, progress);
    List<Terminal> terminals = terminals(context);
    List<Future<?>> working = new ArrayList<>();
    for (Terminal terminal : terminals) {
      working.add(
          crew.submit(
              () -> {
                terminal.work();
                return null;
              }));
    }
    watch(context);
    int stuck = await(working);
    cover(first, stuck);

    Tally all = new Tally();
    terminals.forEach(terminal -> all.add(terminal.tally()));
    List<RunResult.OfType> types = all.types();
    long measured = interval.measuredNanos();
    long newOrders = types.get(TransactionType.NEW_ORDER.ordinal()).committed();
    double tpmC = measured == 0 ? 0 : newOrders / (measured / 60e9);
    return new RunResult(
        tpmC,
        started,
        options.warmUp(),
        Duration.ofNanos(measured),
        types,
        all.causes(),
        context.series().seconds().subList(0, Math.max(0, interval.seconds())),
        all.skippedDeliveries(),
        stuck);
  }

  private List<Terminal> terminals(RunContext context) {
    RandomGenerator root = TpccRandom.part(options.seed(), -1);
    NuRand constants = NuRand.forRun(root);
    List<Terminal> terminals = new ArrayList<>();
    for (int number = 0; number < options.terminals(); number++) {
      RandomGenerator own = TpccRandom.part(root.nextLong(), number);
      terminals.add(
          new Terminal(
              Seat.of(number, options.warehouses()),
              context,
              new TpccRandom(own, constants, options.scale())));
    }
    return terminals;
  }

  private void requireLoaded() throws InterruptedException {
    int found =
        retry.read("looking for the tables (load the database first)", Run::countWarehouses);
    if (found < options.warehouses()) {
      throw new TpccException(
          "the database has %d warehouses, the run asks for %d: load it with as many, or run with fewer"
              .formatted(found, options.warehouses()));
    }
  }

  private static int countWarehouses(Session session) throws SQLException {
    try (ResultSet row = session.query(COUNT_WAREHOUSES)) {
      row.next();
      return row.getInt(1);
    }
  }

  private Map<Key, Integer> nextOrders() throws InterruptedException {
    return retry.read(
        "reading the districts",
        session -> {
          Map<Key, Integer> next = new TreeMap<>();
          try (ResultSet rows = session.query(NEXT_ORDERS)) {
            while (rows.next()) {
              next.put(new Key(rows.getInt(1), rows.getInt(2), 0), rows.getInt(3));
            }
          }
          return next;
        });
  }

  /** Tells once a second how far the run is. */
  private void watch(RunContext context) throws InterruptedException {
    Interval interval = context.interval();
    int total = interval.seconds();
    for (long now = time.nanos(); !interval.over(now); now = time.nanos()) {
      if (stopped.getAsBoolean()) {
        interval.endAt(now);
        break;
      }
      int second = interval.second(now);
      progress.percent("run", 100 * second / total);
      if (second > 0 && second % SHOW_EVERY_SECONDS == 0) {
        progress.line(shown(context, second));
      }
      long next = interval.begin() + (second + 1) * 1_000_000_000L;
      time.pause(Duration.ofNanos(Math.min(next, interval.end()) - now));
    }
    progress.percent("run", 100);
  }

  private static String shown(RunContext context, int second) {
    long orders = 0;
    long errors = 0;
    for (int i = second - SHOW_EVERY_SECONDS; i < second; i++) {
      orders += context.series().newOrders(i);
      errors += context.series().errors(i);
    }
    Interval interval = context.interval();
    boolean warming = interval.begin() + second * 1_000_000_000L <= interval.measured();
    return "%d s of %d%s: %,d new orders a minute, %d failed tries in the last %d s"
        .formatted(
            second,
            interval.seconds(),
            warming ? " (warm-up)" : "",
            orders * 60 / SHOW_EVERY_SECONDS,
            errors,
            SHOW_EVERY_SECONDS);
  }

  /** How many terminals do not come back within the grace period. */
  private int await(List<Future<?>> working) throws InterruptedException {
    long deadline = time.nanos() + GRACE.toNanos();
    int stuck = 0;
    for (Future<?> terminal : working) {
      try {
        terminal.get(Math.max(0, deadline - time.nanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        terminal.cancel(true);
        stuck++;
      } catch (ExecutionException e) {
        throw new IllegalStateException("a terminal broke: " + e.getCause(), e.getCause());
      }
    }
    return stuck;
  }

  /**
   * Notes which order numbers were given out meanwhile; not possible while a terminal may still
   * give out more.
   */
  private void cover(Map<Key, Integer> first, int stuck) throws InterruptedException {
    if (stuck > 0) {
      return;
    }
    try {
      nextOrders()
          .forEach(
              (key, end) ->
                  ledger.cover(
                      new Ledger.Span(
                          key.warehouse(), key.district(), first.getOrDefault(key, end), end)));
    } catch (TpccException e) {
      progress.line(
          "the ledger stays without spans, as the database does not answer: " + e.getMessage());
    }
  }
}

package dev.kittiwake.tpcc;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * TPC-C as a library: load, run, check, and all of it with a report. Operations block, one at a
 * time; every error a user can do something about is a {@link TpccException} with one clear line.
 */
@Wiring
public final class Tpcc {
  private final TpccOptions options;
  private final Progress progress;
  private final Time time;
  private volatile boolean stopped;

  public Tpcc(TpccOptions options, Progress progress) {
    this(options, progress, new SystemTime());
  }

  Tpcc(TpccOptions options, Progress progress, Time time) {
    this.options = options;
    this.progress = progress;
    this.time = time;
  }

  /** Drops the nine tables, makes them anew and fills them. Forgets the ledger of the old ones. */
  public LoadResult load() throws InterruptedException {
    try (SessionSource sessions =
        SessionSource.open(options, Isolation.DEFAULT, options.loaders() + 1)) {
      Ledger.delete(options.reports());
      ExecutorService crew = Crew.of(options.loaders(), "loader");
      try {
        return new Loader(options, new Retry(sessions, time), time, progress).run(crew);
      } finally {
        crew.shutdownNow();
      }
    } catch (IOException e) {
      throw new TpccException(
          "cannot remove the old ledger in " + options.reports() + ": " + e.getMessage());
    }
  }

  /**
   * Runs the terminals for warm-up and duration, and adds to the ledger in the report directory.
   */
  public RunResult run() throws InterruptedException {
    Ledger ledger = ledger();
    try (SessionSource sessions =
        SessionSource.open(options, options.isolation(), options.terminals() + 1)) {
      ExecutorService crew = Crew.of(options.terminals(), "terminal");
      try {
        return new Run(options, sessions, time, ledger, progress, () -> stopped).run(crew);
      } finally {
        crew.shutdownNow();
        save(ledger);
      }
    }
  }

  /**
   * Ends a {@link #run} before its time, within about a second; what it measured so far is its
   * result. Any thread; a run that begins later ends at once.
   */
  public void stop() {
    stopped = true;
  }

  /** Checks the twelve conditions, and the ledger if the report directory has one for this URL. */
  public AuditResult check() throws InterruptedException {
    Ledger ledger = ledger();
    try (SessionSource sessions = SessionSource.open(options, Isolation.DEFAULT, 2)) {
      return new ConsistencyAudit(options.scale(), ledger, new Retry(sessions, time), progress)
          .run();
    }
  }

  /** Loads, runs, checks, and writes the reports. */
  public TpccResult all() throws InterruptedException {
    LoadResult loaded = load();
    progress.line(
        "loaded %,d rows in %.1f s".formatted(loaded.rows(), loaded.elapsed().toNanos() / 1e9));
    RunResult measured = run();
    AuditResult audited = check();
    return report(Optional.of(loaded), Optional.of(measured), Optional.of(audited));
  }

  /**
   * Puts results together with facts about machine and database, and writes the reports into their
   * directory.
   */
  public TpccResult report(
      Optional<LoadResult> load, Optional<RunResult> run, Optional<AuditResult> audit) {
    Map<String, String> facts = new LinkedHashMap<>(Machine.facts());
    try (SessionSource sessions = SessionSource.open(options, options.isolation(), 1);
        Session session = sessions.open()) {
      facts.putAll(Machine.database(session));
    } catch (SQLException | TpccException e) {
      facts.put("database", "did not answer: " + e.getMessage());
    }
    TpccResult result = new TpccResult(options, load, run, audit, facts);
    try {
      Report.write(result, options.reports());
    } catch (IOException e) {
      throw new TpccException("cannot write the reports to " + options.reports() + ": " + e);
    }
    return result;
  }

  private Ledger ledger() {
    try {
      return Ledger.read(options.reports(), options.maskedUrl());
    } catch (IOException e) {
      throw new TpccException(
          "cannot read the ledger in " + options.reports() + ": " + e.getMessage());
    }
  }

  private void save(Ledger ledger) {
    Path directory = options.reports();
    try {
      ledger.save(directory, options.maskedUrl());
    } catch (IOException e) {
      throw new TpccException("cannot write the ledger to " + directory + ": " + e);
    }
  }
}

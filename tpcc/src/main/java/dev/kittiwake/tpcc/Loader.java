package dev.kittiwake.tpcc;

import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes the tables and fills them (clause 4.3). The work is cut into parts with a generator of
 * their own each, so the contents depend on the seed only, not on the number of threads. A
 * transaction holds about a thousand rows.
 */
final class Loader {
  private static final int ROWS_OF_TRANSACTION = 1_000;
  private static final int ROWS_OF_BATCH = 250;
  private static final int STOCK_OF_PART = 10_000;

  private final TpccOptions options;
  private final Retry retry;
  private final Time time;
  private final Progress progress;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong shownPercent = new AtomicLong(-1);

  Loader(TpccOptions options, Retry retry, Time time, Progress progress) {
    this.options = options;
    this.retry = retry;
    this.time = time;
    this.progress = progress;
  }

  /** Drops, creates, fills; the executor's threads share the filling. */
  LoadResult run(ExecutorService crew) throws InterruptedException {
    long begun = time.nanos();
    ddl("removing old tables", Schema.drop());
    ddl("creating tables", Schema.create());
    ddl("preparing tables", options.dialect().afterCreate());
    List<Part> parts = parts();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Population population = population(i);
      running.add(
          crew.submit(
              () -> {
                part.fill(population);
                return null;
              }));
    }
    await(running);
    ddl("finishing tables", options.dialect().afterLoad());
    progress.percent("load", 100);
    return new LoadResult(options.warehouses(), rows.get(), Duration.ofNanos(time.nanos() - begun));
  }

  /** A part of the population: what to write, given its own source of rows. */
  private interface Part {
    void fill(Population population) throws InterruptedException;
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    parts.add(this::items);
    for (int w = 1; w <= options.warehouses(); w++) {
      int warehouse = w;
      parts.add(population -> warehouse(population, warehouse));
      for (int first = 1; first <= options.scale().items(); first += STOCK_OF_PART) {
        int low = first;
        parts.add(population -> stock(population, warehouse, low));
      }
      for (int d = 1; d <= Scale.DISTRICTS; d++) {
        int district = d;
        parts.add(population -> customers(population, warehouse, district));
        parts.add(population -> orders(population, warehouse, district));
      }
    }
    return parts;
  }

  private Population population(int part) {
    TpccRandom random =
        new TpccRandom(TpccRandom.part(options.seed(), part), NuRand.forLoad(), options.scale());
    return new Population(random, options.scale(), Timestamp.from(time.now()));
  }

  private void items(Population population) throws InterruptedException {
    Chunk chunk = new Chunk();
    for (int id = 1; id <= options.scale().items(); id++) {
      chunk.add(Population.INSERT_ITEM, population.item(id));
      chunk.writeIfFull();
    }
    chunk.write();
  }

  private void warehouse(Population population, int warehouse) throws InterruptedException {
    Chunk chunk = new Chunk();
    chunk.add(Population.INSERT_WAREHOUSE, population.warehouse(warehouse));
    for (int district = 1; district <= Scale.DISTRICTS; district++) {
      chunk.add(Population.INSERT_DISTRICT, population.district(warehouse, district));
    }
    chunk.write();
  }

  private void stock(Population population, int warehouse, int low) throws InterruptedException {
    Chunk chunk = new Chunk();
    int high = Math.min(options.scale().items(), low + STOCK_OF_PART - 1);
    for (int item = low; item <= high; item++) {
      chunk.add(Population.INSERT_STOCK, population.stock(warehouse, item));
      chunk.writeIfFull();
    }
    chunk.write();
  }

  private void customers(Population population, int warehouse, int district)
      throws InterruptedException {
    Chunk chunk = new Chunk();
    for (int id = 1; id <= options.scale().customers(); id++) {
      chunk.add(Population.INSERT_CUSTOMER, population.customer(warehouse, district, id));
      chunk.add(Population.INSERT_HISTORY, population.history(warehouse, district, id));
      chunk.writeIfFull();
    }
    chunk.write();
  }

  private void orders(Population population, int warehouse, int district)
      throws InterruptedException {
    Chunk chunk = new Chunk();
    List<Integer> customers = population.customersOfOrders();
    for (int id = 1; id <= options.scale().customers(); id++) {
      int lines = population.lineCount();
      chunk.add(
          Population.INSERT_ORDER,
          population.order(warehouse, district, id, customers.get(id - 1), lines));
      for (int number = 1; number <= lines; number++) {
        chunk.add(Population.INSERT_LINE, population.line(warehouse, district, id, number));
      }
      if (!population.delivered(id)) {
        chunk.add(Population.INSERT_NEW_ORDER, new Object[] {warehouse, district, id});
      }
      chunk.writeIfFull();
    }
    chunk.write();
  }

  private void ddl(String what, List<String> statements) throws InterruptedException {
    for (String statement : statements) {
      progress.line(
          what + ": " + statement.lines().findFirst().orElse("").replaceAll("\\s*\\($", ""));
      retry.define(
          what,
          session -> {
            session.connection().setAutoCommit(true);
            try (Statement ddl = session.connection().createStatement()) {
              ddl.execute(statement);
            } finally {
              session.connection().setAutoCommit(false);
            }
            return null;
          });
    }
  }

  private void await(List<Future<?>> parts) throws InterruptedException {
    TpccException failed = null;
    for (Future<?> part : parts) {
      try {
        part.get();
      } catch (CancellationException e) {
        continue; // the failure that caused it is already known
      } catch (ExecutionException e) {
        parts.forEach(other -> other.cancel(true));
        if (failed == null) {
          failed =
              e.getCause() instanceof TpccException known
                  ? known
                  : new TpccException("loading failed: " + e.getCause());
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  /**
   * The rows of one transaction, kept until it is committed, so that it can be repeated as it was.
   */
  private final class Chunk {
    private final Map<String, List<Object[]>> byStatement = new LinkedHashMap<>();
    private int size;

    void add(String sql, Object[] row) {
      byStatement.computeIfAbsent(sql, key -> new ArrayList<>()).add(row);
      size++;
    }

    void writeIfFull() throws InterruptedException {
      if (size >= ROWS_OF_TRANSACTION) {
        write();
      }
    }

    void write() throws InterruptedException {
      if (size == 0) {
        return;
      }
      retry.insert("loading", this::send);
      long written = rows.addAndGet(size);
      byStatement.clear();
      size = 0;
      long percent = Math.min(99, 100 * written / options.scale().rows(options.warehouses()));
      if (shownPercent.getAndAccumulate(percent, Math::max) < percent) {
        progress.percent("load", (int) percent);
      }
    }

    private Void send(Session session) throws SQLException {
      for (Map.Entry<String, List<Object[]>> entry : byStatement.entrySet()) {
        List<Object[]> all = entry.getValue();
        for (int from = 0; from < all.size(); from += ROWS_OF_BATCH) {
          session.batch(
              entry.getKey(), all.subList(from, Math.min(all.size(), from + ROWS_OF_BATCH)));
        }
      }
      return null;
    }
  }
}

package dev.kittiwake.sql;

import dev.kittiwake.client.txn.MemoryTransactionClient;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs SQL on an engine over a store in memory and prints results. A statement may span lines and
 * ends with a semicolon; {@code a: STATEMENT;} runs it in session {@code a}; {@code a: off;}
 * switches autocommit off; {@code ? 1, 'x'; STATEMENT;} and {@code batch (1, 'x'), (2, 'y');
 * STATEMENT;} give parameters. A statement that waits for a lock prints {@code waits} and its
 * result when it comes.
 */
final class SqlScript {
  private static final Pattern SESSION = Pattern.compile("(?s)([a-z]): (.*)");

  private final MemoryTransactionClient store = new MemoryTransactionClient();
  private final InstantSource clock = InstantSource.fixed(Instant.parse("2024-05-17T10:20:30Z"));
  private final SqlEngine engine =
      new SqlEngine(
          store,
          SqlConfig.DEFAULT,
          new SqlRuntime(clock, System::nanoTime, Runnable::run, millis -> {}, ZoneOffset.UTC));
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, SqlSession> sessions = new LinkedHashMap<>();
  private final Map<String, Future<List<String>>> pending = new LinkedHashMap<>();
  private final List<String> out = new ArrayList<>();
  private List<List<Object>> parameters = List.of(); // of the next statement
  private boolean batch;

  List<String> run(List<String> lines) {
    try {
      for (String statement : statements(lines)) {
        step(statement);
      }
      for (String name : List.copyOf(pending.keySet())) {
        print(name, result(pending.remove(name)));
      }
      return out;
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> statements(List<String> lines) {
    List<String> all = new ArrayList<>();
    StringBuilder open = new StringBuilder();
    for (String line : lines) {
      open.append(open.isEmpty() ? "" : "\n").append(line.strip());
      if (line.stripTrailing().endsWith(";")) {
        all.add(open.substring(0, open.length() - 1).strip());
        open.setLength(0);
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalArgumentException("no semicolon after " + open);
    }
    return all;
  }

  private void step(String text) {
    Matcher matcher = SESSION.matcher(text);
    boolean named = matcher.matches();
    String name = named ? matcher.group(1) : "";
    String statement = named ? matcher.group(2) : text;
    if (statement.startsWith("? ")) {
      parameters = List.of(values(statement.substring(2)));
      return;
    }
    if (statement.startsWith("batch ")) {
      batch = true;
      parameters =
          Arrays.stream(statement.substring(6).split("\\)\\s*,\\s*\\("))
              .map(row -> values(row.replaceAll("^\\(|\\)$", "")))
              .toList();
      return;
    }
    SqlSession session =
        sessions.computeIfAbsent(
            name, n -> engine.open(SessionOptions.DEFAULT.withLockWaitMillis(20_000)));
    if (statement.equals("off") || statement.equals("on")) {
      session.setAutoCommit(statement.equals("on"));
      return;
    }
    if (statement.equals("cancel")) {
      session.cancel();
      settle();
      return;
    }
    if (pending.containsKey(name)) {
      print(name, result(pending.remove(name))); // a session does one thing after the other
    }
    List<List<Object>> rows = parameters;
    boolean asBatch = batch;
    parameters = List.of();
    batch = false;
    Future<List<String>> future =
        threads.submit(() -> SqlPrinter.execute(session, statement, rows, asBatch));
    pending.put(name, future);
    if (!finished(future)) {
      print(name, List.of("waits"));
    }
    settle();
  }

  /** Prints what has come to an end; what still waits for a lock stays. */
  private void settle() {
    for (String name : List.copyOf(pending.keySet())) {
      Future<List<String>> future = pending.get(name);
      if (finished(future)) {
        pending.remove(name);
        print(name, result(future));
      }
    }
  }

  /** Waits until the statement ends or waits for a lock. */
  private boolean finished(Future<List<String>> future) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (System.nanoTime() < deadline) {
      try {
        future.get(2, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        long unfinished = pending.values().stream().filter(f -> !f.isDone()).count();
        if (unfinished > 0 && store.waiters() >= unfinished) {
          return false;
        }
      } catch (InterruptedException | ExecutionException e) {
        return true;
      }
    }
    throw new IllegalStateException("a statement neither ends nor waits");
  }

  private static List<String> result(Future<List<String>> future) {
    try {
      return future.get(120, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("a statement failed without SqlError", e);
    }
  }

  private void print(String name, List<String> lines) {
    lines.forEach(line -> out.add(name.isEmpty() ? line : name + ": " + line));
  }

  /** {@code 1, 'x', 2.50, null, true}. */
  private static List<Object> values(String list) {
    List<Object> values = new ArrayList<>();
    for (String item : list.split("\\s*,\\s*")) {
      String text = item.strip();
      values.add(
          text.equals("null")
              ? null
              : text.startsWith("'")
                  ? text.substring(1, text.length() - 1)
                  : text.equals("true") || text.equals("false")
                      ? (Object) Boolean.valueOf(text)
                      : text.contains(".")
                          ? (Object) new java.math.BigDecimal(text)
                          : (Object) Integer.valueOf(text));
    }
    return values;
  }
}

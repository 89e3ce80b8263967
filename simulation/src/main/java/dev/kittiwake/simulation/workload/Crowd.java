package dev.kittiwake.simulation.workload;

import dev.kittiwake.client.Await;
import dev.kittiwake.client.error.KvException;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.simulation.world.World;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** All processes of all clients, each doing one thing after the other until told to stop. */
public final class Crowd {
  private final World world;
  private final Mix mix;
  private final RandomGenerator random;
  private final Choice choice;
  private final History history = new History();
  private int lastProcess;
  private final Map<SimClient, Integer> busyOf = new LinkedHashMap<>(); // operations under way
  private int ok;
  private boolean stopped;

  public Crowd(World world, Mix mix) {
    this.world = world;
    this.mix = mix;
    this.random = world.split();
    this.choice = new Choice(mix, world.split());
    for (int i = 0; i < mix.clients(); i++) {
      world.addClient();
    }
  }

  public History history() {
    return history;
  }

  /** Operations that succeeded. */
  public int ok() {
    return ok;
  }

  /** Starts the clients and gives every account its opening balance. */
  public void open() {
    world.clients().forEach(SimClient::start);
    SimClient first = world.clients().get(0);
    CompletableFuture<Void> opened =
        first.run(
            "open accounts",
            () ->
                first
                    .client()
                    .transactions()
                    .run(
                        transaction -> {
                          openAccounts(transaction);
                          return null;
                        }));
    world.until("the accounts are opened", 120, opened::isDone);
    opened.join();
  }

  private static void openAccounts(Transaction transaction) {
    for (String account : BankDeed.accounts()) {
      transaction.put(RawDeed.bytes(account), RawDeed.bytes(Long.toString(BankDeed.OPENING)));
    }
  }

  /** What each account held at the beginning. */
  public static Map<String, Long> opening() {
    return BankDeed.opening();
  }

  /** Keys between the data of all kinds, at which regions may be split. */
  public List<Key> splitKeys() {
    List<Key> keys = new ArrayList<>();
    for (char first = 'b'; first <= 'z'; first += 2) {
      keys.add(Key.of(String.valueOf(first)));
    }
    keys.add(Key.of("m-raw"));
    keys.add(dev.kittiwake.proto.key.MemComparable.encode(Key.of("set-h")));
    return keys;
  }

  public void begin() {
    world.clients().forEach(this::begin);
  }

  private void begin(SimClient client) {
    for (int i = 0; i < mix.processes(); i++) {
      later(client, ++lastProcess);
    }
  }

  /** The client ends between two calls; a new one that knows nothing takes its place. */
  public void kill(int number) {
    SimClient client = world.clients().get(number);
    if (!client.machine().isRunning()) {
      return;
    }
    int life = client.machine().life();
    client.kill();
    busyOf.put(client, 0);
    world
        .time()
        .later(
            1_000_000_000L,
            "client again",
            () -> {
              if (!client.machine().isRunning() && client.machine().life() == life) {
                client.start();
                begin(client);
              }
            });
  }

  private void later(SimClient client, int process) {
    long pause = (long) (-Math.log(1 - random.nextDouble()) * mix.pauseMillis() * 1_000_000);
    client.machine().later(pause, "pause", () -> next(client, process));
  }

  private void next(SimClient client, int process) {
    if (stopped) {
      return;
    }
    carryOut(client, process, choice.next(), () -> later(client, process));
  }

  private void carryOut(SimClient client, int process, Deed deed, Runnable afterwards) {
    int index = history.invoke(process, deed.action(), world.time().now());
    int life = client.machine().life();
    busyOf.merge(client, 1, Integer::sum);
    CompletableFuture<Answer> answer;
    try {
      answer = deed.begin(client);
    } catch (RuntimeException failure) {
      answer = CompletableFuture.failedFuture(failure);
    }
    answer.whenComplete(
        (value, failure) -> {
          if (!client.machine().lives(life)) {
            return; // nobody is there to hear it: the operation stays open
          }
          busyOf.merge(client, -1, Integer::sum);
          end(index, value, failure);
          afterwards.run();
        });
  }

  private void end(int index, Answer value, Throwable failure) {
    long now = world.time().now();
    Throwable cause = failure == null ? null : Await.unwrap(failure);
    if (cause == null) {
      ok++;
      history.ok(index, value, now);
    } else if (cause instanceof TxnDeed.Unknown unknown) {
      history.undetermined(index, unknown.reads(), reason(unknown.getCause()), now);
    } else if (cause instanceof UndeterminedException) {
      history.undetermined(index, reason(cause), now);
    } else if (cause instanceof KvException || cause instanceof BankDeed.NotEnough) {
      history.failed(index, reason(cause), now);
    } else {
      history.undetermined(index, reason(cause), now);
      world.violate("client failed", "an operation failed with " + cause, cause);
    }
  }

  private static String reason(Throwable cause) {
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }

  /**
   * Reads everything that was ever written once more, all at once, on the first client; the
   * operations count as {@link #busy} until they end.
   */
  public void lookOnceMore() {
    for (Deed deed : LastLook.at(history)) {
      carryOut(world.clients().get(0), ++lastProcess, deed, () -> {});
    }
  }

  /** Whether every client runs. */
  public boolean isThere() {
    return world.clients().stream().allMatch(client -> client.machine().isRunning());
  }

  /** Nothing new is begun from now on. */
  public void stop() {
    stopped = true;
  }

  /** How many operations are under way. */
  public int busy() {
    return busyOf.values().stream().mapToInt(Integer::intValue).sum();
  }
}

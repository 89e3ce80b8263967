package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Isolation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import dev.kittiwake.testkit.judge.Cycles;
import dev.kittiwake.testkit.judge.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Transactions that append to lists and read them. Optimistic ones read and write one snapshot;
 * pessimistic ones lock what they read, so that what they do is serializable.
 */
public final class AppendLoad implements Load {
  private static final int LIVE_KEYS = 5;
  private static final int ACTIONS_OF_A_KEY = 40;
  private static final Duration LOCK_WAIT = Duration.ofSeconds(5);

  private final Isolation isolation;
  private final String prefix;
  private final TransactionOptions options;

  public AppendLoad(Isolation isolation, String run) {
    this.isolation = isolation;
    this.prefix = "chaos-txn/" + run + "/" + label(isolation) + "-";
    this.options =
        isolation == Isolation.OPTIMISTIC
            ? TransactionOptions.optimistic()
            : TransactionOptions.pessimistic().withLockWait(LOCK_WAIT);
  }

  private static String label(Isolation isolation) {
    return isolation == Isolation.OPTIMISTIC ? "append" : "append-locking";
  }

  @Override
  public String name() {
    return label(isolation);
  }

  @Override
  public Action next(RandomGenerator random, long number) {
    List<Step> steps = new ArrayList<>();
    int length = 1 + random.nextInt(4);
    long generation = number / (ACTIONS_OF_A_KEY * LIVE_KEYS) * LIVE_KEYS;
    for (int i = 0; i < length; i++) {
      String key = prefix + (generation + random.nextInt(LIVE_KEYS));
      steps.add(
          random.nextBoolean()
              ? new Step.Append(key, number * 10 + i)
              : new Step.ReadList(key, isolation == Isolation.PESSIMISTIC));
    }
    return new Action.Txn(steps, isolation);
  }

  @Override
  public Answer carryOut(ClusterClient client, Action action) {
    try (Transaction txn = client.transactions().begin(options)) {
      List<Seen> seen = new ArrayList<>();
      for (Step step : ((Action.Txn) action).steps()) {
        List<Long> list = read(txn, step.key());
        if (step instanceof Step.Append) {
          List<Long> longer = new ArrayList<>(list);
          longer.add(((Step.Append) step).element());
          txn.put(Keys.bytes(step.key()), Keys.list(longer));
          seen.add(Seen.NOTHING);
        } else {
          seen.add(new Seen.Elements(list));
        }
      }
      long startTs = txn.startTs();
      return new Answer.Committed(seen, startTs, txn.commit().commitTs());
    }
  }

  private List<Long> read(Transaction txn, String key) {
    byte[] name = Keys.bytes(key);
    if (isolation == Isolation.PESSIMISTIC) {
      txn.lock(List.of(Key.wrap(name)), LockOptions.VALUES);
    }
    return Keys.list(txn.get(name));
  }

  @Override
  public List<NamedJudge> judges() {
    return List.of(
        isolation == Isolation.OPTIMISTIC
            ? new NamedJudge(
                "optimistic transactions keep strong snapshot isolation",
                new Cycles(Level.STRONG_SNAPSHOT))
            : new NamedJudge(
                "pessimistic transactions that lock what they read are serializable",
                new Cycles(Level.PESSIMISTIC)));
  }
}

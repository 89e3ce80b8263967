package dev.kittiwake.simulation.workload;

import static dev.kittiwake.simulation.workload.RawDeed.text;

import dev.kittiwake.client.region.ReadFrom;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * All accounts, read from replicas that need not lead. Of the present it is judged like any read of
 * the accounts. Of the past, the judge is the leaders' own answer at the same timestamp: it must be
 * the same, later as well as before.
 *
 * @param pastMillis how far back; 0 = the present
 */
record ReplicaReadDeed(ReadFrom from, long pastMillis) implements Deed {
  private static final int LONG_AGO_MILLIS = 12_000;

  static ReplicaReadDeed draw(RandomGenerator random) {
    return random.nextInt(3) == 0
        ? new ReplicaReadDeed(random.nextBoolean() ? ReadFrom.FOLLOWER : ReadFrom.ANY, 0)
        : new ReplicaReadDeed(ReadFrom.STALE, 1 + random.nextInt(LONG_AGO_MILLIS));
  }

  @Override
  public Action action() {
    return pastMillis == 0
        ? new Action.ReadAccounts(BankDeed.accounts())
        : new Action.TakeTimestamps(1);
  }

  @Override
  public CompletableFuture<Answer> begin(SimClient client) {
    return client.run("replica read", () -> read(client.client().transactions()));
  }

  private Answer read(TransactionClient transactions) {
    long now = transactions.currentTimestamp();
    if (pastMillis == 0) {
      return new Answer.Balances(balances(transactions.snapshot(now, from)));
    }
    long then = Timestamp.of(Timestamp.physicalMillis(now) - pastMillis, 0);
    Map<String, Long> told = balances(transactions.snapshot(then, from));
    Map<String, Long> leaders = balances(transactions.snapshot(then, ReadFrom.LEADER));
    if (!told.equals(leaders)) {
      throw new IllegalStateException(
          "at " + then + " replicas say " + told + ", leaders " + leaders);
    }
    return new Answer.Timestamps(now, now);
  }

  private static Map<String, Long> balances(Snapshot snapshot) {
    List<Key> keys = BankDeed.accounts().stream().map(Key::of).toList();
    Map<Key, byte[]> found = snapshot.batchGet(keys);
    Map<String, Long> balances = new TreeMap<>();
    for (String account : BankDeed.accounts()) {
      byte[] value = found.get(Key.of(account));
      balances.put(account, value == null ? 0 : Long.parseLong(text(value)));
    }
    return balances;
  }
}

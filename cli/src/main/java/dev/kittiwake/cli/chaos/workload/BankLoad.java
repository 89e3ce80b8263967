package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.judge.Bank;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Money moves between a few accounts, and others look at all of them in one snapshot. */
public final class BankLoad implements Load {
  private static final int ACCOUNTS = 8;
  private static final long EACH = 100;
  private static final int MOST_MOVED = 20;

  private final List<String> accounts;

  public BankLoad(String run) {
    this.accounts =
        IntStream.range(0, ACCOUNTS).mapToObj(i -> "chaos-txn/" + run + "/account-" + i).toList();
  }

  @Override
  public String name() {
    return "bank";
  }

  @Override
  public void prepare(ClusterClient client) {
    client
        .transactions()
        .run(
            TransactionOptions.optimistic(),
            txn -> {
              accounts.forEach(
                  account -> txn.put(Keys.bytes(account), Keys.bytes(Long.toString(EACH))));
              return null;
            });
  }

  @Override
  public Action next(RandomGenerator random, long number) {
    if (random.nextInt(3) == 0) {
      return new Action.ReadAccounts(accounts);
    }
    int from = random.nextInt(ACCOUNTS);
    int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    return new Action.Transfer(
        accounts.get(from), accounts.get(to), 1 + random.nextInt(MOST_MOVED));
  }

  @Override
  public Answer carryOut(ClusterClient client, Action action) {
    if (action instanceof Action.ReadAccounts) {
      Snapshot now = client.transactions().latestSnapshot();
      Map<Key, byte[]> found =
          now.batchGet(accounts.stream().map(name -> Key.wrap(Keys.bytes(name))).toList());
      Map<String, Long> balances = new TreeMap<>();
      accounts.forEach(
          name -> {
            byte[] balance = found.get(Key.wrap(Keys.bytes(name)));
            if (balance != null) {
              balances.put(name, Long.valueOf(Keys.text(balance)));
            }
          });
      return new Answer.Balances(balances);
    }
    transfer(client, (Action.Transfer) action);
    return Answer.DONE;
  }

  private static void transfer(ClusterClient client, Action.Transfer transfer) {
    byte[] from = Keys.bytes(transfer.from());
    byte[] to = Keys.bytes(transfer.to());
    try (Transaction txn = client.transactions().begin(TransactionOptions.optimistic())) {
      long left = Long.parseLong(Keys.text(txn.get(from))) - transfer.amount();
      long more = Long.parseLong(Keys.text(txn.get(to))) + transfer.amount();
      if (left < 0) {
        throw new NothingDone("not enough money");
      }
      txn.put(from, Keys.bytes(Long.toString(left)));
      txn.put(to, Keys.bytes(Long.toString(more)));
      txn.commit();
    }
  }

  @Override
  public List<NamedJudge> judges() {
    Map<String, Long> opening = new TreeMap<>();
    accounts.forEach(account -> opening.put(account, EACH));
    return List.of(new NamedJudge("money neither appears nor vanishes", new Bank(opening)));
  }
}

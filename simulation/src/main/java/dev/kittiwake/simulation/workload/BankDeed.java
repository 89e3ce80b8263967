package dev.kittiwake.simulation.workload;

import static dev.kittiwake.simulation.workload.RawDeed.bytes;
import static dev.kittiwake.simulation.workload.RawDeed.text;

import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.LockedValues;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A transfer between two accounts, or a look at all of them. */
record BankDeed(Action action, boolean pessimistic) implements Deed {
  static final long OPENING = 100;

  static String account(int number) {
    return Choice.key("account", number);
  }

  static List<String> accounts() {
    List<String> accounts = new ArrayList<>();
    for (int i = 0; i < Choice.ACCOUNTS; i++) {
      accounts.add(account(i));
    }
    return accounts;
  }

  static Map<String, Long> opening() {
    Map<String, Long> opening = new TreeMap<>();
    accounts().forEach(account -> opening.put(account, OPENING));
    return opening;
  }

  static BankDeed draw(Choice choice) {
    if (choice.below(3) == 0) {
      return new BankDeed(new Action.ReadAccounts(accounts()), false);
    }
    int from = choice.below(Choice.ACCOUNTS);
    int to = (from + 1 + choice.below(Choice.ACCOUNTS - 1)) % Choice.ACCOUNTS;
    return new BankDeed(
        new Action.Transfer(account(from), account(to), 1 + choice.below(20)),
        choice.below(2) == 0);
  }

  /** The money is not there: nothing was done. */
  static final class NotEnough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotEnough(long balance) {
      super("only " + balance + " left", null, false, false);
    }
  }

  @Override
  public CompletableFuture<Answer> begin(SimClient client) {
    return client.run(
        "bank",
        () -> action instanceof Action.Transfer transfer ? move(client, transfer) : look(client));
  }

  private Answer move(SimClient client, Action.Transfer transfer) {
    TransactionOptions options =
        pessimistic ? TransactionOptions.pessimistic() : TransactionOptions.optimistic();
    try (Transaction transaction = client.client().transactions().begin(options)) {
      Key from = Key.of(transfer.from());
      Key to = Key.of(transfer.to());
      long fromBalance;
      long toBalance;
      if (pessimistic) {
        LockedValues values = transaction.lock(List.of(from, to), LockOptions.VALUES);
        fromBalance = balance(values.value(from));
        toBalance = balance(values.value(to));
      } else {
        fromBalance = balance(transaction.get(from.toBytes()));
        toBalance = balance(transaction.get(to.toBytes()));
      }
      if (fromBalance < transfer.amount()) {
        throw new NotEnough(fromBalance);
      }
      transaction.put(from.toBytes(), bytes(Long.toString(fromBalance - transfer.amount())));
      transaction.put(to.toBytes(), bytes(Long.toString(toBalance + transfer.amount())));
      transaction.commit();
      return Answer.DONE;
    }
  }

  private Answer look(SimClient client) {
    Map<String, Long> balances = new TreeMap<>();
    try (Transaction transaction =
        client.client().transactions().begin(TransactionOptions.optimistic())) {
      List<Key> keys = accounts().stream().map(Key::of).toList();
      Map<Key, byte[]> found = transaction.batchGet(keys);
      for (String account : accounts()) {
        balances.put(account, balance(found.get(Key.of(account))));
      }
      return new Answer.Balances(balances);
    }
  }

  private static long balance(byte[] value) {
    return value == null ? 0 : Long.parseLong(text(value));
  }
}

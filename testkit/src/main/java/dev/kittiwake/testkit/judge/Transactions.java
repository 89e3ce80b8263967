package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The transactions of a history: who wrote what, and which of them count as committed. Those
 * without a known end count once somebody who counts has seen a write of theirs.
 */
final class Transactions {
  private final Map<Item, Map<Long, Transaction>> writers = new HashMap<>();
  private final Map<Item, Map<Long, Transaction>> unknownWriters = new HashMap<>();
  private final BitSet evident = new BitSet(); // by index of the operation
  private final List<Transaction> committed = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if a value is written twice to the same key: then nobody can
   *     tell which write a read saw
   */
  Transactions(List<Operation> operations) {
    Deque<Transaction> todo = new ArrayDeque<>();
    for (Operation operation : operations) {
      if (operation.action() instanceof Action.Txn) {
        Transaction transaction = Transaction.of(operation);
        transaction.writes().forEach((item, values) -> register(transaction, item, values));
        if (operation.isOk()) {
          evident.set(operation.index());
          todo.add(transaction);
        }
      }
    }
    while (!todo.isEmpty()) {
      Transaction next = todo.remove();
      committed.add(next);
      for (Transaction.Read read : next.reads()) {
        findUnknownWriters(read, todo);
      }
    }
    committed.sort((a, b) -> Integer.compare(a.operation().index(), b.operation().index()));
  }

  private void register(Transaction transaction, Item item, List<Long> values) {
    for (Long value : values) {
      if (writers.computeIfAbsent(item, none -> new HashMap<>()).put(value, transaction) != null) {
        throw new IllegalArgumentException(
            value + " is written to " + item + " twice; values must be unique for their key");
      }
      if (transaction.operation().ending().isUnknown()) {
        unknownWriters.computeIfAbsent(item, none -> new HashMap<>()).put(value, transaction);
      }
    }
  }

  private void findUnknownWriters(Transaction.Read read, Deque<Transaction> found) {
    Map<Long, Transaction> unknown = unknownWriters.get(read.item());
    if (unknown == null || read.version() == null) {
      return;
    }
    List<Long> values = read.item().isList() ? read.elements() : List.of(read.version());
    for (Long value : values) {
      Transaction writer = unknown.get(value);
      if (writer != null && !isCommitted(writer)) {
        evident.set(writer.operation().index());
        found.add(writer);
      }
    }
  }

  /** Who wrote {@code value}, committed or not; null if nobody did. */
  Transaction writer(Item item, Long value) {
    return writers.getOrDefault(item, Map.of()).get(value);
  }

  /** Those that committed, certainly or evidently, in the order of invocation. */
  List<Transaction> committed() {
    return committed;
  }

  boolean isCommitted(Transaction transaction) {
    return evident.get(transaction.operation().index());
  }
}

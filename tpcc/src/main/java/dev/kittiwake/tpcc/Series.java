package dev.kittiwake.tpcc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** What happened in each second of a run, warm-up included. Safe for many threads. */
final class Series {
  private final AtomicLongArray newOrders;
  private final AtomicLongArray transactions;
  private final AtomicLongArray errors;

  Series(int seconds) {
    newOrders = new AtomicLongArray(seconds);
    transactions = new AtomicLongArray(seconds);
    errors = new AtomicLongArray(seconds);
  }

  /** A committed transaction; ignored after the last second. */
  void committed(int second, TransactionType type) {
    if (second < transactions.length()) {
      transactions.incrementAndGet(second);
      if (type == TransactionType.NEW_ORDER) {
        newOrders.incrementAndGet(second);
      }
    }
  }

  /** A try that failed, whether it is repeated or not. */
  void failed(int second) {
    if (second < errors.length()) {
      errors.incrementAndGet(second);
    }
  }

  long newOrders(int second) {
    return second < 0 || second >= newOrders.length() ? 0 : newOrders.get(second);
  }

  long errors(int second) {
    return second < 0 || second >= errors.length() ? 0 : errors.get(second);
  }

  List<RunResult.Second> seconds() {
    List<RunResult.Second> all = new ArrayList<>();
    for (int i = 0; i < transactions.length(); i++) {
      all.add(new RunResult.Second(i, newOrders.get(i), transactions.get(i), errors.get(i)));
    }
    return all;
  }
}

package dev.kittiwake.testkit.history;

import java.util.List;

/** What a client asked for. The comment of each names the {@link Answer} that belongs to it. */
public sealed interface Action {
  /** {@link Answer.Value}. */
  record RawGet(String key) implements Action {}

  /** {@link Answer.Done}. */
  record RawPut(String key, String value) implements Action {}

  /** {@link Answer.Done}. */
  record RawDelete(String key) implements Action {}

  /**
   * Writes {@code value} if the key holds {@code expected}. {@link Answer.Swapped}.
   *
   * @param expected null: the key must be absent
   */
  record RawSwap(String key, String expected, String value) implements Action {}

  /** A transaction of these steps, in this order. {@link Answer.Committed}. */
  record Txn(List<Step> steps, Isolation isolation) implements Action {
    public Txn {
      steps = List.copyOf(steps);
    }
  }

  /** Moves money in one transaction that reads both accounts first. {@link Answer.Done}. */
  record Transfer(String from, String to, long amount) implements Action {}

  /** Reads all accounts in one transaction. {@link Answer.Balances}. */
  record ReadAccounts(List<String> accounts) implements Action {
    public ReadAccounts {
      accounts = List.copyOf(accounts);
    }
  }

  /** Adds a number, never added before, to a set. {@link Answer.Done}. */
  record AddElement(String set, long element) implements Action {}

  /** Reads the whole set. {@link Answer.Elements}. */
  record ReadSet(String set) implements Action {}

  /** Asks the timestamp oracle for {@code count} timestamps. {@link Answer.Timestamps}. */
  record TakeTimestamps(int count) implements Action {}
}

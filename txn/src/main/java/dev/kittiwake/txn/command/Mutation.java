package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;

/**
 * One key of a prewrite.
 *
 * @param value for {@code PUT} and {@code INSERT}, else null; not to be changed
 * @param action ignored unless the transaction is pessimistic
 * @param expectedForUpdateTs non-zero: the pessimistic lock must have exactly this for_update_ts
 */
public record Mutation(
    MutationType type,
    Key key,
    byte[] value,
    Assertion assertion,
    PessimisticAction action,
    long expectedForUpdateTs) {
  public Mutation {
    boolean writesValue = type == MutationType.PUT || type == MutationType.INSERT;
    if (writesValue != (value != null)) {
      throw new IllegalArgumentException(type + " of key " + key + " has value: " + !writesValue);
    }
  }

  /** Of an optimistic transaction, with nothing asserted. */
  public Mutation(MutationType type, Key key, byte[] value) {
    this(type, key, value, Assertion.NONE, PessimisticAction.SKIP_PESSIMISTIC_CHECK, 0);
  }
}

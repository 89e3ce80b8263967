package dev.kittiwake.kv.txn;

import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.PessimisticLock;
import dev.kittiwake.txn.command.Prewrite;
import dev.kittiwake.txn.command.TxnRejected;

/**
 * Refuses what began before the safe point: what it would have to see, also whom it would conflict
 * with, may be collected.
 */
public final class CollectedTooFar {
  private CollectedTooFar() {}

  /**
   * @param what names the request in the message
   * @throws TxnRejected if {@code ts} is below the safe point
   */
  public static void check(String what, long ts, long safePoint) {
    if (safePoint != 0 && Timestamp.isBefore(ts, safePoint)) {
      throw new KeyError.Invalid(
              "this "
                  + what
                  + " is of "
                  + Timestamp.toString(ts)
                  + ", but versions are collected up to "
                  + Timestamp.toString(safePoint)
                  + ": begin anew, or make the GC life time longer")
          .rejected();
    }
  }

  static void check(Command<?> command, long safePoint) {
    if (command instanceof Prewrite prewrite) {
      check("transaction", prewrite.txn().startTs(), safePoint);
    } else if (command instanceof PessimisticLock lock) {
      check("transaction", lock.txn().startTs(), safePoint);
    }
  }
}

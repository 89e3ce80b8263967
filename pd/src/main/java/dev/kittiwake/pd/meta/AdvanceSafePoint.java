package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.AdvanceSafePointRecord;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.SafePointKind;
import java.util.Optional;

/**
 * Moves a safe point forward. Below the transaction safe point no transaction may start to read;
 * below the GC safe point old versions may be gone: GC ≤ transaction ≤ every live barrier.
 *
 * @param txn the transaction safe point (stopped by barriers), or else the GC safe point
 * @param lenient the older call: moves what may move and answers the stored value, never an error
 */
public record AdvanceSafePoint(boolean txn, long target, long nowMillis, boolean lenient)
    implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    meta.dropExpiredBarriers(nowMillis);
    return txn ? advanceTxn(meta) : lenient ? advanceBoth(meta) : advanceGc(meta);
  }

  private Outcome advanceTxn(ClusterMeta meta) {
    if (Timestamp.isBefore(target, meta.txnSafePoint)) {
      return lenient
          ? new Outcome.Done(meta.txnSafePoint)
          : refused(
              "txn safe point "
                  + Timestamp.toString(meta.txnSafePoint)
                  + " cannot go back to "
                  + Timestamp.toString(target));
    }
    long reached = target;
    String note = "";
    Optional<Barrier> lowest = meta.lowestBarrier(nowMillis);
    if (lowest.isPresent() && Timestamp.isBefore(lowest.get().ts(), target)) {
      reached = Timestamp.max(lowest.get().ts(), meta.txnSafePoint);
      note = "barrier " + lowest.get().id() + " at " + Timestamp.toString(lowest.get().ts());
    }
    meta.moveTxnSafePoint(reached);
    return new Outcome.Done(meta.txnSafePoint, note);
  }

  private Outcome advanceGc(ClusterMeta meta) {
    if (Timestamp.isBefore(target, meta.gcSafePoint)) {
      return refused(
          "gc safe point "
              + Timestamp.toString(meta.gcSafePoint)
              + " cannot go back to "
              + Timestamp.toString(target));
    }
    if (Timestamp.isAfter(target, meta.txnSafePoint)) {
      return refused(
          "gc safe point "
              + Timestamp.toString(target)
              + " would pass the txn safe point "
              + Timestamp.toString(meta.txnSafePoint));
    }
    meta.gcSafePoint = target;
    return new Outcome.Done(target);
  }

  private Outcome advanceBoth(ClusterMeta meta) {
    meta.moveTxnSafePoint(target);
    meta.gcSafePoint = Timestamp.max(meta.gcSafePoint, target);
    return new Outcome.Done(meta.gcSafePoint);
  }

  private static Outcome refused(String message) {
    return new Outcome.Refused(ErrorType.INVALID_VALUE, message);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setAdvanceSafePoint(
        AdvanceSafePointRecord.newBuilder()
            .setKind(txn ? SafePointKind.TXN : SafePointKind.GC)
            .setTarget(target)
            .setNowMillis(nowMillis)
            .setLenient(lenient));
  }
}

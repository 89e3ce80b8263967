package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.SetBarrierRecord;

/**
 * Sets or moves a barrier. It cannot hold what is already released: below the transaction safe
 * point it is refused (or, from the older call, ignored). Answers the smallest safe point of all
 * services.
 */
public record SetBarrier(Barrier barrier, long nowMillis, boolean service) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    meta.dropExpiredBarriers(nowMillis);
    if (Timestamp.isBefore(barrier.ts(), meta.txnSafePoint)) {
      return service
          ? new Outcome.Done(meta.minServiceSafePoint(nowMillis))
          : new Outcome.Refused(
              ErrorType.INVALID_VALUE,
              "barrier "
                  + barrier.id()
                  + " at "
                  + Timestamp.toString(barrier.ts())
                  + " is below the txn safe point "
                  + Timestamp.toString(meta.txnSafePoint));
    }
    meta.barriers(barrier.global()).put(barrier.id(), barrier);
    return new Outcome.Done(meta.minServiceSafePoint(nowMillis));
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setSetBarrier(
        SetBarrierRecord.newBuilder()
            .setBarrier(barrier.record())
            .setNowMillis(nowMillis)
            .setService(service));
  }
}

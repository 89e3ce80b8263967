package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.DeleteBarrierRecord;

/**
 * Removes a barrier. Harmless if there is none. Answers the smallest safe point of all services.
 */
public record DeleteBarrier(String id, boolean global, long nowMillis) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    meta.barriers(global).remove(id);
    meta.dropExpiredBarriers(nowMillis);
    return new Outcome.Done(meta.minServiceSafePoint(nowMillis));
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setDeleteBarrier(
        DeleteBarrierRecord.newBuilder().setId(id).setGlobal(global).setNowMillis(nowMillis));
  }
}

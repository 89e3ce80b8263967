package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.SaveTimestampBoundRecord;

/**
 * Allows timestamps with a physical part below {@code boundMillis}. Only forward; answers the bound
 * that holds now.
 */
public record SaveTimestampBound(long boundMillis) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    meta.timestampBoundMillis = Math.max(meta.timestampBoundMillis, boundMillis);
    return new Outcome.Done(meta.timestampBoundMillis);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setSaveTimestampBound(SaveTimestampBoundRecord.newBuilder().setBoundMillis(boundMillis));
  }
}

package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.SetExternalTimestampRecord;

/** Remembers a timestamp for readers outside; only forward. */
public record SetExternalTimestamp(long timestamp) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    if (Timestamp.isBefore(timestamp, meta.externalTimestamp)) {
      return new Outcome.Refused(
          ErrorType.INVALID_VALUE,
          "external timestamp "
              + Timestamp.toString(meta.externalTimestamp)
              + " cannot go back to "
              + Timestamp.toString(timestamp));
    }
    meta.externalTimestamp = timestamp;
    return new Outcome.Done(timestamp);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setSetExternalTimestamp(SetExternalTimestampRecord.newBuilder().setTimestamp(timestamp));
  }
}

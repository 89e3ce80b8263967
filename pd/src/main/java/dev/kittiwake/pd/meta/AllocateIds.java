package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.AllocateIdsRecord;
import dev.kittiwake.proto.pdstore.CommandRecord;

/**
 * Reserves the next {@code count} ids for the proposer; the answer is the last of them. What the
 * proposer does not hand out before it stops is lost, never reused.
 */
public record AllocateIds(long count) implements MetaCommand {
  public AllocateIds {
    if (count <= 0) {
      throw new IllegalArgumentException("a block of " + count + " ids");
    }
  }

  @Override
  public Outcome applyTo(ClusterMeta meta) {
    meta.lastId += count;
    return new Outcome.Done(meta.lastId);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setAllocateIds(AllocateIdsRecord.newBuilder().setCount(count));
  }
}

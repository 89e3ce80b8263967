package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.DropMemberRecord;

/** A member has left the group: it is forgotten, and its id is never used again. */
public record DropMember(long id) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    meta.dropMember(id);
    return new Outcome.Done(id);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setDropMember(DropMemberRecord.newBuilder().setId(id));
  }
}

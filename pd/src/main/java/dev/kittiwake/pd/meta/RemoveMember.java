package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.RemoveMemberRecord;

/** A member is to leave the group; the last one that stays cannot. */
public record RemoveMember(long id) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    MemberRecord known = meta.members.get(id);
    if (known == null) {
      return new Outcome.Refused(
          ErrorType.ENTRY_NOT_FOUND, "there is no member " + Long.toUnsignedString(id));
    }
    boolean isLast =
        meta.members.values().stream().allMatch(each -> each.getId() == id || each.getRemoving());
    if (isLast) {
      return new Outcome.Refused(
          ErrorType.INVALID_VALUE,
          "member " + known.getName() + " is the last one: add another one first");
    }
    meta.keepMember(known.toBuilder().setRemoving(true).build());
    return new Outcome.Done(id);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setRemoveMember(RemoveMemberRecord.newBuilder().setId(id));
  }
}

package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PutMemberRecord;

/**
 * A member makes its name and addresses known. Refused for one that has left, and for one whose
 * data is not the data that it had: it may have forgotten votes.
 */
public record PutMember(MemberRecord member) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    MemberRecord known = meta.members.get(member.getId());
    if (known == null && Long.compareUnsigned(member.getId(), meta.lastMemberId) <= 0) {
      return new Outcome.Refused(
          ErrorType.UNKNOWN, "member " + member.getName() + " has left the group");
    }
    if (known != null
        && known.getIncarnation() != 0
        && known.getIncarnation() != member.getIncarnation()) {
      return new Outcome.Refused(
          ErrorType.UNKNOWN, "member " + member.getName() + " does not have the data that it had");
    }
    meta.keepMember(member.toBuilder().setRemoving(known != null && known.getRemoving()).build());
    return new Outcome.Done(0);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setPutMember(PutMemberRecord.newBuilder().setMember(member));
  }
}

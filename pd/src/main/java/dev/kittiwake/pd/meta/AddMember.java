package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.AddMemberRecord;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.MemberRecord;

/**
 * A member is to join the group. The answer is its id, which nobody ever had; asked again by the
 * same data directory the answer is the same. Names and addresses are unique.
 */
public record AddMember(MemberRecord member) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    for (MemberRecord known : meta.members.values()) {
      boolean sameName = known.getName().equals(member.getName());
      if (sameName && known.getIncarnation() == member.getIncarnation() && !known.getRemoving()) {
        return new Outcome.Done(known.getId());
      }
      if (sameName) {
        return new Outcome.Refused(
            ErrorType.DUPLICATED_ENTRY,
            "there is a member "
                + member.getName()
                + " already, at "
                + String.join(", ", known.getClientUrlsList())
                + ": choose another name, or remove that member first");
      }
      for (String url : member.getPeerUrlsList()) {
        if (known.getPeerUrlsList().contains(url)) {
          return new Outcome.Refused(
              ErrorType.DUPLICATED_ENTRY,
              "member " + known.getName() + " is at " + url + " already: choose another address");
        }
      }
    }
    long id = meta.lastMemberId + 1;
    meta.keepMember(member.toBuilder().setId(id).setRemoving(false).build());
    return new Outcome.Done(id);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setAddMember(AddMemberRecord.newBuilder().setMember(member));
  }
}

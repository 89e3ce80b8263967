package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PutMemberRecord;

/** A member of the placement driver makes its name and addresses known. */
public record PutMember(MemberRecord member) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    meta.members.put(member.getId(), member);
    return new Outcome.Done(0);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setPutMember(PutMemberRecord.newBuilder().setMember(member));
  }
}

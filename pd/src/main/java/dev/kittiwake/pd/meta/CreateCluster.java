package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.CreateClusterRecord;
import dev.kittiwake.proto.pdstore.MemberRecord;
import java.util.List;

/**
 * Gives the cluster its id and its first members. The first one counts, later ones answer the id
 * that there is.
 *
 * @param members the first members, as its proposer was told
 */
public record CreateCluster(long clusterId, List<MemberRecord> members) implements MetaCommand {
  public CreateCluster {
    if (clusterId == 0) {
      throw new IllegalArgumentException("the cluster id must not be 0");
    }
    members = List.copyOf(members);
  }

  @Override
  public Outcome applyTo(ClusterMeta meta) {
    if (meta.clusterId == 0) {
      meta.clusterId = clusterId;
      members.forEach(meta::keepMember);
    }
    return new Outcome.Done(meta.clusterId);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setCreateCluster(
        CreateClusterRecord.newBuilder().setClusterId(clusterId).addAllMembers(members));
  }
}

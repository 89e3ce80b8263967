package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.CreateClusterRecord;

/** Gives the cluster its id. The first one counts, later ones answer the id that there is. */
public record CreateCluster(long clusterId) implements MetaCommand {
  public CreateCluster {
    if (clusterId == 0) {
      throw new IllegalArgumentException("the cluster id must not be 0");
    }
  }

  @Override
  public Outcome applyTo(ClusterMeta meta) {
    if (meta.clusterId == 0) {
      meta.clusterId = clusterId;
    }
    return new Outcome.Done(meta.clusterId);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setCreateCluster(CreateClusterRecord.newBuilder().setClusterId(clusterId));
  }
}

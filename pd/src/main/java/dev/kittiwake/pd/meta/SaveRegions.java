package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.SaveRegionsRecord;
import java.util.List;

/** Keeps regions whose range, epoch or peers changed, and forgets those that were overlapped. */
public record SaveRegions(List<Region> regions, List<Long> removed) implements MetaCommand {
  public SaveRegions {
    regions = List.copyOf(regions);
    removed = List.copyOf(removed);
  }

  @Override
  public Outcome applyTo(ClusterMeta meta) {
    removed.forEach(meta.regions::remove);
    regions.forEach(region -> meta.regions.put(region.getId(), region));
    return new Outcome.Done(0);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setSaveRegions(
        SaveRegionsRecord.newBuilder().addAllRegions(regions).addAllRemoved(removed));
  }
}

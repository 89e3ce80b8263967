package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.BootstrapRecord;
import dev.kittiwake.proto.pdstore.CommandRecord;

/**
 * Creates the cluster's first store and first region in one step. Of several stores that try at
 * once, the first entry of the log wins; the others are told ALREADY_BOOTSTRAPPED.
 */
public record Bootstrap(Store store, Region region) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    if (meta.bootstrapped) {
      return new Outcome.Refused(
          ErrorType.ALREADY_BOOTSTRAPPED,
          "cluster " + Long.toUnsignedString(meta.clusterId) + " is already bootstrapped");
    }
    String fault = fault();
    if (!fault.isEmpty()) {
      return new Outcome.Refused(ErrorType.UNKNOWN, fault);
    }
    meta.bootstrapped = true;
    meta.stores.put(store.getId(), PutStore.normalized(store));
    meta.regions.put(region.getId(), region);
    return new Outcome.Done(0);
  }

  private String fault() {
    if (store.getId() == 0) {
      return "bootstrap with store id 0";
    }
    if (region.getId() == 0) {
      return "bootstrap with region id 0";
    }
    if (!region.getStartKey().isEmpty() || !region.getEndKey().isEmpty()) {
      return "bootstrap with a first region that does not cover all keys";
    }
    if (region.getPeersCount() != 1) {
      return "bootstrap with "
          + region.getPeersCount()
          + " peers, the first region has exactly one";
    }
    if (region.getPeers(0).getStoreId() != store.getId()) {
      return "bootstrap with a peer on store "
          + region.getPeers(0).getStoreId()
          + ", the first store is "
          + store.getId();
    }
    return region.getPeers(0).getId() == 0 ? "bootstrap with peer id 0" : "";
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setBootstrap(BootstrapRecord.newBuilder().setStore(store).setRegion(region));
  }
}

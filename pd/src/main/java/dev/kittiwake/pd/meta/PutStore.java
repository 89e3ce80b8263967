package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.metapb.NodeState;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.PutStoreRecord;

/**
 * A store introduces itself, at each of its starts. Addresses are unique among the stores that are
 * not tombstones. The state belongs to the placement driver: a store cannot change it this way.
 */
public record PutStore(Store store) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    if (store.getId() == 0) {
      return new Outcome.Refused(ErrorType.UNKNOWN, "invalid put store: id 0");
    }
    Store known = meta.stores.get(store.getId());
    boolean isDropped = meta.droppedStores.contains(store.getId());
    if (isDropped || (known != null && known.getState() == StoreState.Tombstone)) {
      return new Outcome.Refused(
          ErrorType.STORE_TOMBSTONE,
          "store " + store.getId() + " is a tombstone: give the node an empty data directory");
    }
    for (Store other : meta.stores.values()) {
      if (other.getId() != store.getId()
          && other.getState() != StoreState.Tombstone
          && other.getAddress().equals(store.getAddress())) {
        return new Outcome.Refused(
            ErrorType.DUPLICATED_ENTRY,
            "duplicated store address "
                + store.getAddress()
                + ": it belongs to store "
                + other.getId()
                + " (this is store "
                + store.getId()
                + "); use another address, or delete the old store");
      }
    }
    if (known == null) {
      meta.stores.put(store.getId(), normalized(store));
    } else {
      Store.Builder merged =
          normalized(store).toBuilder()
              .setState(known.getState())
              .setNodeState(known.getNodeState());
      if (store.getLabelsCount() == 0) {
        merged.addAllLabels(known.getLabelsList());
      }
      meta.stores.put(store.getId(), merged.build());
    }
    return new Outcome.Done(0);
  }

  /** A store as it is kept: up and serving. */
  static Store normalized(Store store) {
    return store.toBuilder().setState(StoreState.Up).setNodeState(NodeState.Serving).build();
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setPutStore(PutStoreRecord.newBuilder().setStore(store));
  }
}

package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.metapb.NodeState;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.ChangeStoreStateRecord;
import dev.kittiwake.proto.pdstore.CommandRecord;

/**
 * Moves a store along Up → Offline (being drained) → Tombstone (empty, gone), or back from Offline
 * to Up. A tombstone is final.
 */
public record ChangeStoreState(long storeId, StoreState state) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    Store store = meta.stores.get(storeId);
    if (store == null) {
      return new Outcome.Refused(
          ErrorType.UNKNOWN, "invalid store ID " + Long.toUnsignedString(storeId) + ", not found");
    }
    if (store.getState() == StoreState.Tombstone && state != StoreState.Tombstone) {
      return new Outcome.Refused(
          ErrorType.STORE_TOMBSTONE, "store " + storeId + " is a tombstone and cannot come back");
    }
    if (store.getState() == StoreState.Up && state == StoreState.Tombstone) {
      return new Outcome.Refused(
          ErrorType.UNKNOWN, "store " + storeId + " is up: delete it first, then it is drained");
    }
    if (state == StoreState.Tombstone && meta.hasPeersOn(storeId)) {
      return new Outcome.Refused(
          ErrorType.UNKNOWN, "store " + storeId + " still has replicas and cannot be a tombstone");
    }
    meta.stores.put(storeId, store.toBuilder().setState(state).setNodeState(nodeState()).build());
    return new Outcome.Done(0);
  }

  private NodeState nodeState() {
    switch (state) {
      case Up:
        return NodeState.Serving;
      case Offline:
        return NodeState.Removing;
      default:
        return NodeState.Removed;
    }
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setChangeStoreState(
        ChangeStoreStateRecord.newBuilder().setStoreId(storeId).setState(state));
  }
}

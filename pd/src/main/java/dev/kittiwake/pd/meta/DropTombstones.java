package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.DropTombstonesRecord;
import java.util.List;

/**
 * Drops the records of all stores that are tombstones, and their weights and limits. A store of
 * that id is refused for ever: its data is older than what became of its regions. The outcome is
 * how many there were.
 */
public record DropTombstones() implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    List<Long> gone =
        meta.stores.values().stream()
            .filter(store -> store.getState() == StoreState.Tombstone)
            .map(Store::getId)
            .toList();
    for (long id : gone) {
      meta.stores.remove(id);
      meta.droppedStores.add(id);
      meta.config.remove("store-weight." + Long.toUnsignedString(id));
      meta.config.remove("store-limit." + Long.toUnsignedString(id));
    }
    return new Outcome.Done(gone.size());
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setDropTombstones(DropTombstonesRecord.getDefaultInstance());
  }
}

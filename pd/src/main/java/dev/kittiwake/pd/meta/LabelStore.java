package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreLabel;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.LabelStoreRecord;
import java.util.List;
import java.util.TreeMap;

/** Sets labels of a store; an empty value removes the label, others stay. */
public record LabelStore(long storeId, List<StoreLabel> labels) implements MetaCommand {
  public LabelStore {
    labels = List.copyOf(labels);
  }

  @Override
  public Outcome applyTo(ClusterMeta meta) {
    Store store = meta.stores.get(storeId);
    if (store == null) {
      return new Outcome.Refused(
          ErrorType.UNKNOWN, "invalid store ID " + Long.toUnsignedString(storeId) + ", not found");
    }
    TreeMap<String, StoreLabel> merged = new TreeMap<>();
    store.getLabelsList().forEach(label -> merged.put(label.getKey(), label));
    for (StoreLabel label : labels) {
      if (label.getValue().isEmpty()) {
        merged.remove(label.getKey());
      } else {
        merged.put(label.getKey(), label);
      }
    }
    meta.stores.put(storeId, store.toBuilder().clearLabels().addAllLabels(merged.values()).build());
    return new Outcome.Done(0);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setLabelStore(LabelStoreRecord.newBuilder().setStoreId(storeId).addAllLabels(labels));
  }
}

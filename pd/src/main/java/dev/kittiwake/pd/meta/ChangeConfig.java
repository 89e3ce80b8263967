package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.pdstore.ChangeConfigRecord;
import dev.kittiwake.proto.pdstore.CommandRecord;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes settings that hold for the whole cluster; an empty value takes a setting back to its
 * default. The proposer has checked names and values.
 */
public record ChangeConfig(Map<String, String> changes) implements MetaCommand {
  public ChangeConfig {
    changes = new TreeMap<>(changes);
  }

  @Override
  public Outcome applyTo(ClusterMeta meta) {
    changes.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            meta.config.remove(name);
          } else {
            meta.config.put(name, value);
          }
        });
    return new Outcome.Done(0);
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setChangeConfig(ChangeConfigRecord.newBuilder().putAllChanges(changes));
  }
}

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
    mergeInto(meta.config);
    return new Outcome.Done(0);
  }

  /** What {@code settings} become. */
  public void mergeInto(Map<String, String> settings) {
    changes.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            settings.remove(name);
          } else {
            settings.put(name, value);
          }
        });
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setChangeConfig(ChangeConfigRecord.newBuilder().putAllChanges(changes));
  }
}

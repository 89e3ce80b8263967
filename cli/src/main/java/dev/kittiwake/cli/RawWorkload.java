package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.proto.key.Key;
import java.util.LinkedHashMap;
import java.util.Map;

/** Raw operations, each on one key drawn uniformly. */
enum RawWorkload implements Workload {
  PUT {
    @Override
    public void operate(ClusterClient client, Draw draw) {
      client.raw().put(draw.key(), draw.value());
    }
  },
  GET {
    @Override
    public void operate(ClusterClient client, Draw draw) {
      if (client.raw().get(draw.key()) == null) {
        throw new IllegalStateException("a key that was written is not there");
      }
    }
  };

  private static final int FILL_BATCH = 256;

  @Override
  public void fill(ClusterClient client, Draw draw) {
    Map<Key, byte[]> batch = new LinkedHashMap<>();
    for (int i = 0; i < draw.keys(); i++) {
      batch.put(Key.wrap(Draw.key(i)), draw.value());
      if (batch.size() == FILL_BATCH || i == draw.keys() - 1) {
        client.raw().batchPut(batch);
        batch.clear();
      }
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

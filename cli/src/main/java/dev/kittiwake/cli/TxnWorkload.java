package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.txn.TransactionOptions;

/** Transactions on one key drawn uniformly. */
enum TxnWorkload implements Workload {
  /** Writes the key without reading it. */
  PUT {
    @Override
    public void operate(ClusterClient client, Draw draw) {
      client
          .transactions()
          .run(
              TransactionOptions.optimistic(),
              txn -> {
                txn.put(draw.key(), draw.value());
                return null;
              });
    }
  },
  /** Reads the key at a fresh timestamp. */
  GET {
    @Override
    public void operate(ClusterClient client, Draw draw) {
      long now = client.transactions().currentTimestamp();
      if (client.transactions().snapshot(now).get(draw.key()) == null) {
        throw new IllegalStateException("a key that was written is not there");
      }
    }
  },
  /** Reads the key and writes it, optimistically. */
  RMW {
    @Override
    public void operate(ClusterClient client, Draw draw) {
      client
          .transactions()
          .run(
              TransactionOptions.optimistic(),
              txn -> {
                byte[] key = draw.key();
                byte[] value = txn.get(key);
                value[0]++;
                txn.put(key, value);
                return null;
              });
    }
  };

  private static final int FILL_BATCH = 256;

  @Override
  public void fill(ClusterClient client, Draw draw) {
    for (int from = 0; from < draw.keys(); from += FILL_BATCH) {
      int start = from;
      client
          .transactions()
          .run(
              TransactionOptions.optimistic(),
              txn -> {
                for (int i = start; i < Math.min(start + FILL_BATCH, draw.keys()); i++) {
                  txn.put(Draw.key(i), draw.value());
                }
                return null;
              });
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

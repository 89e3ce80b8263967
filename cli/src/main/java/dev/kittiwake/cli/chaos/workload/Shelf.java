package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.raw.RawPair;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.testkit.ledger.Ledger.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where the ledger's keys are: raw, or transactional. A value tells its key and its write. */
enum Shelf {
  RAW("chaos-raw") {
    @Override
    void put(ClusterClient client, Map<String, Integer> writes) {
      Map<Key, byte[]> pairs = new LinkedHashMap<>();
      writes.forEach((key, number) -> pairs.put(Key.of(key), value(key, number)));
      client.raw().batchPut(pairs);
    }

    @Override
    void delete(ClusterClient client, Map<String, Integer> writes) {
      client.raw().batchDelete(writes.keySet().stream().map(Key::of).toList());
    }

    @Override
    List<Row> read(ClusterClient client, String from, String to) {
      List<Row> rows = new ArrayList<>();
      for (RawPair pair : client.raw().scan(Keys.bytes(from), Keys.bytes(to), MOST_ROWS)) {
        rows.add(row(pair.key(), pair.value()));
      }
      return rows;
    }
  },
  TRANSACTIONS("chaos-txn") {
    @Override
    void put(ClusterClient client, Map<String, Integer> writes) {
      client
          .transactions()
          .run(
              TransactionOptions.optimistic(),
              txn -> {
                writes.forEach((key, number) -> txn.put(Keys.bytes(key), value(key, number)));
                return null;
              });
    }

    @Override
    void delete(ClusterClient client, Map<String, Integer> writes) {
      client
          .transactions()
          .run(
              TransactionOptions.optimistic(),
              txn -> {
                writes.keySet().forEach(key -> txn.delete(Keys.bytes(key)));
                return null;
              });
    }

    @Override
    List<Row> read(ClusterClient client, String from, String to) {
      List<Row> rows = new ArrayList<>();
      try (Scan scan =
          client
              .transactions()
              .latestSnapshot()
              .scan(Keys.bytes(from), Keys.bytes(to), ScanOptions.FORWARD)) {
        while (scan.next()) {
          rows.add(row(scan.key(), scan.value()));
        }
      }
      return rows;
    }
  };

  private static final int MOST_ROWS = 10_000;
  private static final String PADDING = "x".repeat(960);

  private final String prefix;

  Shelf(String prefix) {
    this.prefix = prefix;
  }

  /** All keys of a run begin with it. */
  String prefix(String run) {
    return prefix + "/" + run + "/ledger/";
  }

  /** Puts keys with the numbers of their writes. */
  abstract void put(ClusterClient client, Map<String, Integer> writes);

  abstract void delete(ClusterClient client, Map<String, Integer> writes);

  /** All keys from {@code from} on, up to {@code to}, as they are now. */
  abstract List<Row> read(ClusterClient client, String from, String to);

  private static byte[] value(String key, int number) {
    return Keys.bytes(key + "#" + number + "#" + PADDING);
  }

  /** A value under a key that is not its own has no number. */
  private static Row row(byte[] key, byte[] value) {
    String name = new String(key, StandardCharsets.UTF_8);
    String[] parts = new String(value, StandardCharsets.UTF_8).split("#", 3);
    boolean own = parts.length == 3 && parts[0].equals(name);
    return new Row(name, own ? Integer.parseInt(parts[1]) : -1);
  }
}

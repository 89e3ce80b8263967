package dev.kittiwake.sql.catalog;

import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.Snapshot;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.sql.row.TableKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the schema is kept: {@code m_schema_version} and {@code m_schema_lastid} (8 bytes each),
 * {@code m_schema_names} (a list), {@code m_schema_table_} + id (8 bytes): {@link SchemaCodec}'s
 * record, {@code m_schema_rows_} + id: a row count (8 bytes). Numbers are big-endian. {@code
 * m_left_} + a prefix of keys: what a dropped table or index left behind and has to be deleted.
 */
final class CatalogKeys {
  static final byte[] VERSION = bytes("m_schema_version");

  private static final byte[] START = bytes("m_schema_");
  private static final byte[] END = bytes("m_schema`");
  private static final byte[] LAST_ID = bytes("m_schema_lastid");
  private static final byte[] NAMES = bytes("m_schema_names");
  private static final byte[] TABLE = bytes("m_schema_table_");
  private static final byte[] ROWS = bytes("m_schema_rows_");
  private static final byte[] LEFT_BEHIND = bytes("m_left_");
  private static final long FIRST_ID = 100;

  private CatalogKeys() {}

  /**
   * @param lastId the last id given to a table or index
   */
  record Loaded(SchemaSnapshot schema, long lastId) {}

  static SchemaSnapshot load(Snapshot snapshot) {
    return loadWithIds(snapshot).schema();
  }

  static Loaded loadWithIds(Snapshot snapshot) {
    long version = 0;
    long lastId = FIRST_ID;
    List<String> names = List.of(SchemaSnapshot.DEFAULT_SCHEMA);
    List<TableSchema> tables = new ArrayList<>();
    Map<Long, Long> rows = new HashMap<>();
    try (Scan scan = snapshot.scan(START, END, ScanOptions.FORWARD)) {
      while (scan.next()) {
        if (Arrays.equals(scan.key(), VERSION)) {
          version = number(scan.value());
        } else if (Arrays.equals(scan.key(), LAST_ID)) {
          lastId = number(scan.value());
        } else if (Arrays.equals(scan.key(), NAMES)) {
          names = SchemaCodec.decodeNames(scan.value());
        } else if (startsWith(scan.key(), TABLE)) {
          tables.add(SchemaCodec.decode(scan.value()));
        } else if (startsWith(scan.key(), ROWS)) {
          rows.put(ByteBuffer.wrap(scan.key(), ROWS.length, 8).getLong(), number(scan.value()));
        }
      }
    }
    return new Loaded(new SchemaSnapshot(version, names, tables, rows), lastId);
  }

  /** Prefixes of the keys that no schema after {@code after} can reach: of tables and indexes. */
  private static List<byte[]> left(SchemaSnapshot before, SchemaSnapshot after) {
    List<byte[]> prefixes = new ArrayList<>();
    for (TableSchema table : before.tables()) {
      Optional<TableSchema> stays = after.table(table.id());
      if (stays.isEmpty()) {
        prefixes.add(TableKeys.tablePrefix(table.id()));
        continue;
      }
      for (IndexSchema index : table.indexes()) {
        if (stays.get().indexes().stream().noneMatch(i -> i.id() == index.id())) {
          prefixes.add(TableKeys.indexPrefix(table.id(), index.id()));
        }
      }
    }
    return prefixes;
  }

  /** Writes what {@code after} has that {@code before} has not, and removes what it has no more. */
  static void write(
      Transaction transaction, SchemaSnapshot before, SchemaSnapshot after, long lastId) {
    for (byte[] prefix : left(before, after)) {
      transaction.put(joined(LEFT_BEHIND, prefix), new byte[] {1});
    }
    transaction.put(VERSION, number(after.version()));
    transaction.put(LAST_ID, number(lastId));
    transaction.put(NAMES, SchemaCodec.encodeNames(after.schemas()));
    for (TableSchema table : before.tables()) {
      if (after.table(table.id()).isEmpty()) {
        transaction.delete(key(TABLE, table.id()));
        transaction.delete(key(ROWS, table.id()));
      }
    }
    for (TableSchema table : after.tables()) {
      if (!before.table(table.id()).map(table::equals).orElse(false)) {
        transaction.put(key(TABLE, table.id()), SchemaCodec.encode(table));
      }
      if (after.rowCount(table.id()).isPresent()
          && !after.rowCount(table.id()).equals(before.rowCount(table.id()))) {
        transaction.put(key(ROWS, table.id()), number(after.rowCount(table.id()).getAsLong()));
      }
    }
  }

  /** Prefixes whose keys are still to be deleted. */
  static List<byte[]> leftBehind(Snapshot snapshot) {
    List<byte[]> prefixes = new ArrayList<>();
    byte[] end = TableKeys.prefixEnd(LEFT_BEHIND);
    try (Scan scan = snapshot.scan(LEFT_BEHIND, end, ScanOptions.FORWARD)) {
      while (scan.next()) {
        prefixes.add(Arrays.copyOfRange(scan.key(), LEFT_BEHIND.length, scan.key().length));
      }
    }
    return prefixes;
  }

  /** The record that {@code prefix} is still to be deleted. */
  static byte[] leftBehind(byte[] prefix) {
    return joined(LEFT_BEHIND, prefix);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private static byte[] key(byte[] prefix, long id) {
    return ByteBuffer.allocate(prefix.length + 8).put(prefix).putLong(id).array();
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length > prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static long number(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

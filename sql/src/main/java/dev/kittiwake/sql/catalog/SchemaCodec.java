package dev.kittiwake.sql.catalog;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table's record in the keyspace: a format byte, then id, schema, name, version, columns, key and
 * indexes in this order; numbers big-endian, strings as Java's modified UTF-8 with a 2-byte length,
 * lists with a 4-byte count. Enum constants are written by name, so that their order may change.
 * Format 2, for tables whose columns have been altered, adds the largest column id ever used and
 * whether the table is being altered; all others are written in format 1.
 */
final class SchemaCodec {
  private static final int FORMAT = 1;
  private static final int ALTERED = 2;

  private SchemaCodec() {}

  static byte[] encode(TableSchema table) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      boolean altered = isAltered(table);
      out.writeByte(altered ? ALTERED : FORMAT);
      out.writeLong(table.id());
      out.writeUTF(table.schema());
      out.writeUTF(table.name());
      out.writeLong(table.version());
      out.writeInt(table.columns().size());
      for (ColumnSchema column : table.columns()) {
        writeColumn(out, column);
      }
      writeIds(out, table.primaryKey().columnIds());
      out.writeInt(table.indexes().size());
      for (IndexSchema index : table.indexes()) {
        out.writeLong(index.id());
        out.writeUTF(index.name());
        out.writeBoolean(index.unique());
        writeIds(out, index.columnIds());
        out.writeUTF(index.state().name());
      }
      if (altered) {
        out.writeInt(table.lastColumnId());
        out.writeBoolean(table.altering());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("table " + table.fullName(), e);
    }
    return bytes.toByteArray();
  }

  private static boolean isAltered(TableSchema table) {
    int largest = table.columns().stream().mapToInt(ColumnSchema::id).max().orElse(0);
    return table.altering() || table.lastColumnId() != largest;
  }

  /**
   * @throws SqlError XX000 if the bytes are of a newer format or broken
   */
  static TableSchema decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT && format != ALTERED) {
        throw SqlError.of(
            SqlStates.INTERNAL,
            "the schema is stored in format "
                + format
                + ", this version knows 1 and 2 only: upgrade");
      }
      long id = in.readLong();
      String schema = in.readUTF();
      String name = in.readUTF();
      long version = in.readLong();
      List<ColumnSchema> columns = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        columns.add(readColumn(in));
      }
      PrimaryKey key = new PrimaryKey(readIds(in));
      List<IndexSchema> indexes = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        indexes.add(
            new IndexSchema(
                in.readLong(),
                in.readUTF(),
                in.readBoolean(),
                readIds(in),
                IndexSchema.State.valueOf(in.readUTF())));
      }
      return format == FORMAT
          ? new TableSchema(id, schema, name, columns, key, indexes, version)
          : new TableSchema(
              id, schema, name, columns, key, indexes, version, in.readInt(), in.readBoolean());
    } catch (IOException | IllegalArgumentException e) {
      throw SqlError.of(SqlStates.INTERNAL, "a table's record in the catalog is broken", e);
    }
  }

  static byte[] encodeNames(List<String> names) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeInt(names.size());
      for (String name : names) {
        out.writeUTF(name);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("schema names", e);
    }
    return bytes.toByteArray();
  }

  static List<String> decodeNames(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readUnsignedByte();
      if (format != FORMAT) {
        throw SqlError.of(
            SqlStates.INTERNAL, "schema names are stored in unknown format " + format);
      }
      List<String> names = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        names.add(in.readUTF());
      }
      return names;
    } catch (IOException e) {
      throw SqlError.of(SqlStates.INTERNAL, "the record of schema names is broken", e);
    }
  }

  private static void writeColumn(DataOutputStream out, ColumnSchema column) throws IOException {
    out.writeInt(column.id());
    out.writeUTF(column.name());
    out.writeUTF(column.type().kind().name());
    out.writeInt(column.type().precision());
    out.writeInt(column.type().scale());
    out.writeBoolean(column.nullable());
    out.writeBoolean(column.defaultSql().isPresent());
    out.writeUTF(column.defaultSql().orElse(""));
    out.writeBoolean(column.autoIncrement());
  }

  private static ColumnSchema readColumn(DataInputStream in) throws IOException {
    int id = in.readInt();
    String name = in.readUTF();
    SqlType type = new SqlType(SqlType.Kind.valueOf(in.readUTF()), in.readInt(), in.readInt());
    boolean nullable = in.readBoolean();
    boolean hasDefault = in.readBoolean();
    String byDefault = in.readUTF();
    return new ColumnSchema(
        id,
        name,
        type,
        nullable,
        hasDefault ? Optional.of(byDefault) : Optional.empty(),
        in.readBoolean());
  }

  private static void writeIds(DataOutputStream out, List<Integer> ids) throws IOException {
    out.writeInt(ids.size());
    for (int id : ids) {
      out.writeInt(id);
    }
  }

  private static List<Integer> readIds(DataInputStream in) throws IOException {
    List<Integer> ids = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      ids.add(in.readInt());
    }
    return ids;
  }
}

package dev.kittiwake.sql.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kittiwake.sql.SqlError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaCodecTest {
  private static final TableSchema TABLE =
      new TableSchema(
          7,
          "public",
          "Größe",
          List.of(
              ColumnSchema.of(1, "a", SqlType.INT, false),
              new ColumnSchema(3, "b", SqlType.decimal(12, 2), true, Optional.of("1.5"), false),
              new ColumnSchema(4, "c", SqlType.BIGINT, false, Optional.empty(), true)),
          new PrimaryKey(List.of(3, 1)),
          List.of(
              new IndexSchema(9, "i", true, List.of(4, 1), IndexSchema.State.PUBLIC),
              new IndexSchema(12, "j", false, List.of(3), IndexSchema.State.DELETE_ONLY)),
          42);

  @Test
  void aTableSurvivesItsRecord() {
    assertEquals(TABLE, SchemaCodec.decode(SchemaCodec.encode(TABLE)));
    assertEquals(1, SchemaCodec.encode(TABLE)[0], "readable by older versions");
    TableSchema altered =
        new TableSchema(7, "s", "t", TABLE.columns(), TABLE.primaryKey(), List.of(), 43, 9, true);
    assertEquals(altered, SchemaCodec.decode(SchemaCodec.encode(altered)));
  }

  @Test
  void schemaNamesSurviveTheirRecord() {
    List<String> names = List.of("public", "Übung");
    assertEquals(names, SchemaCodec.decodeNames(SchemaCodec.encodeNames(names)));
  }

  @Test
  void aRecordOfANewerFormatIsRefusedAndNotGuessedAt() {
    byte[] newer = SchemaCodec.encode(TABLE);
    newer[0] = 3;
    SqlError error = assertThrows(SqlError.class, () -> SchemaCodec.decode(newer));
    assertEquals("XX000", error.sqlState());
  }

  @Test
  void aTornRecordIsRefused() {
    byte[] whole = SchemaCodec.encode(TABLE);
    for (int length = 0; length < whole.length; length++) {
      byte[] torn = java.util.Arrays.copyOf(whole, length);
      assertThrows(SqlError.class, () -> SchemaCodec.decode(torn), "length " + length);
    }
  }
}

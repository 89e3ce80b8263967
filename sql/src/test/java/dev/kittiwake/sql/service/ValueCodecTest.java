package dev.kittiwake.sql.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.kittiwake.sql.SqlError;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values survive the wire. */
class ValueCodecTest {
  private static final List<Object> VALUES =
      Arrays.asList(
          null,
          true,
          false,
          (byte) -7,
          (short) -300,
          0,
          Integer.MIN_VALUE,
          Integer.MAX_VALUE,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          1.5f,
          Double.MIN_VALUE,
          Double.NaN,
          new BigDecimal("-0.00"),
          new BigDecimal("12345678901234567890.12"),
          new BigDecimal("1E+30"),
          "",
          "Möwe 𝄞",
          LocalDate.of(-44, 3, 15),
          LocalDate.of(9999, 12, 31),
          LocalTime.MIDNIGHT,
          LocalTime.of(23, 59, 59, 999_999_999),
          LocalDateTime.of(1969, 12, 31, 23, 59, 59, 1),
          LocalDateTime.of(2026, 1, 31, 10, 5));

  private static ByteString written(List<Object> values) {
    ValueCodec.Writer writer = new ValueCodec.Writer();
    values.forEach(writer::write);
    return writer.finish();
  }

  @Test
  void everyValueComesBackEqualAndOfItsClass() {
    assertEquals(VALUES, Messages.row(new ValueCodec.Reader(written(VALUES)), VALUES.size()));
  }

  @Test
  void bytesComeBack() {
    byte[] bytes = {0, -1, 127};
    Object read = new ValueCodec.Reader(written(List.of(bytes))).readBoxed();
    assertArrayEquals(bytes, (byte[]) read);
  }

  @Test
  void rowsOfParametersKeepTheirLengths() {
    List<List<Object>> rows = List.of(List.of(), VALUES, List.of(1, "x"));
    assertEquals(rows, Messages.parameters(Messages.parameters(rows), rows.size()));
  }

  @Test
  void aTornRowIsAnErrorAtEveryByte() {
    List<Object> whole = new ArrayList<>(VALUES.subList(4, VALUES.size()));
    ByteString bytes = written(whole);
    for (int length = 0; length < bytes.size(); length++) {
      ValueCodec.Reader torn = new ValueCodec.Reader(bytes.substring(0, length));
      SqlError error = assertThrows(SqlError.class, () -> Messages.row(torn, whole.size()));
      assertEquals("08006", error.sqlState());
    }
  }
}

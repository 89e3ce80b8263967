package dev.kittiwake.sql.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * Values on the wire: a byte for the class, then the value, whole numbers as zigzag varints. A row
 * is its values one after the other; rows follow each other without separators, because both ends
 * know the number of columns.
 */
final class ValueCodec {
  static final byte NULL = 0;
  static final byte FALSE = 1;
  static final byte TRUE = 2;
  static final byte SHORT = 3;
  static final byte INT = 4;
  static final byte LONG = 5;
  static final byte FLOAT = 6;
  static final byte DOUBLE = 7;
  static final byte DECIMAL = 8;
  static final byte TEXT = 9;
  static final byte BYTES = 10;
  static final byte DATE = 11;
  static final byte TIME = 12;
  static final byte TIMESTAMP = 13;
  static final byte BYTE = 14;

  private ValueCodec() {}

  /** Collects values. */
  static final class Writer {
    private final ByteString.Output bytes = ByteString.newOutput();
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

    void write(Object value) {
      try {
        put(value);
      } catch (IOException e) {
        throw new IllegalStateException("memory cannot fail: " + e, e);
      }
    }

    private void put(Object value) throws IOException {
      if (value == null) {
        out.write(NULL);
      } else if (value instanceof Integer number) {
        out.write(INT);
        out.writeSInt32NoTag(number);
      } else if (value instanceof Long number) {
        out.write(LONG);
        out.writeSInt64NoTag(number);
      } else if (value instanceof String text) {
        out.write(TEXT);
        out.writeStringNoTag(text);
      } else if (value instanceof BigDecimal decimal) {
        out.write(DECIMAL);
        out.writeSInt32NoTag(decimal.scale());
        out.writeByteArrayNoTag(decimal.unscaledValue().toByteArray());
      } else if (value instanceof Boolean bool) {
        out.write(bool ? TRUE : FALSE);
      } else if (value instanceof byte[] binary) {
        out.write(BYTES);
        out.writeByteArrayNoTag(binary);
      } else {
        putRare(value);
      }
    }

    private void putRare(Object value) throws IOException {
      if (value instanceof LocalDateTime timestamp) {
        out.write(TIMESTAMP);
        out.writeSInt64NoTag(timestamp.toEpochSecond(ZoneOffset.UTC));
        out.writeUInt32NoTag(timestamp.getNano());
      } else if (value instanceof LocalDate date) {
        out.write(DATE);
        out.writeSInt64NoTag(date.toEpochDay());
      } else if (value instanceof LocalTime time) {
        out.write(TIME);
        out.writeUInt64NoTag(time.toNanoOfDay());
      } else if (value instanceof Double number) {
        out.write(DOUBLE);
        out.writeDoubleNoTag(number);
      } else if (value instanceof Float number) {
        out.write(FLOAT);
        out.writeFloatNoTag(number);
      } else if (value instanceof Short number) {
        out.write(SHORT);
        out.writeSInt32NoTag(number);
      } else if (value instanceof Byte number) {
        out.write(BYTE);
        out.writeSInt32NoTag(number);
      } else {
        throw SqlError.of(
            SqlStates.NOT_SUPPORTED, "a value of " + value.getClass().getName() + " has no place");
      }
    }

    int size() {
      return out.getTotalBytesWritten();
    }

    ByteString finish() {
      try {
        out.flush();
      } catch (IOException e) {
        throw new IllegalStateException("memory cannot fail: " + e, e);
      }
      return bytes.toByteString();
    }
  }

  /** Reads values in the order in which they were written. */
  static final class Reader {
    private final CodedInputStream in;
    private byte tag;
    private long number; // of the last value read, if it was a whole number

    Reader(ByteString bytes) {
      this.in = bytes.newCodedInput();
    }

    /** The class of the value that {@link #read} has just read. */
    byte tag() {
      return tag;
    }

    /** The last value if it was a whole number; saves boxing. */
    long number() {
      return number;
    }

    Object readBoxed() {
      Object value = read();
      return switch (tag) {
        case INT -> (Object) (int) number;
        case LONG -> number;
        case SHORT -> (short) number;
        case BYTE -> (byte) number;
        default -> value;
      };
    }

    /** The value; null for whole numbers too: their value is {@link #number}. */
    Object read() {
      try {
        tag = in.readRawByte();
        switch (tag) {
          case NULL -> {
            return null;
          }
          case INT, SHORT, BYTE -> {
            number = in.readSInt32();
            return null;
          }
          case LONG -> {
            number = in.readSInt64();
            return null;
          }
          default -> {
            return object();
          }
        }
      } catch (IOException e) {
        throw SqlError.of(
            SqlStates.CONNECTION_FAILURE, "a row of the SQL service is torn: " + e, e);
      }
    }

    private Object object() throws IOException {
      return switch (tag) {
        case TEXT -> in.readString();
        case DECIMAL -> {
          int scale = in.readSInt32();
          yield new BigDecimal(new BigInteger(in.readByteArray()), scale);
        }
        case FALSE -> Boolean.FALSE;
        case TRUE -> Boolean.TRUE;
        case BYTES -> in.readByteArray();
        case DATE -> LocalDate.ofEpochDay(in.readSInt64());
        case TIME -> LocalTime.ofNanoOfDay(in.readUInt64());
        case TIMESTAMP -> {
          long second = in.readSInt64();
          yield LocalDateTime.ofEpochSecond(second, in.readUInt32(), ZoneOffset.UTC);
        }
        case DOUBLE -> in.readDouble();
        case FLOAT -> in.readFloat();
        default ->
            throw SqlError.of(
                SqlStates.CONNECTION_FAILURE,
                "the SQL service sent a value of class "
                    + tag
                    + ", which this version does not know");
      };
    }
  }
}

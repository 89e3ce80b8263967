package dev.kittiwake.sql.row;

import dev.kittiwake.sql.row.StorageType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Random;

/** Types and values for random tests. */
final class RandomValues {
  private RandomValues() {}

  static StorageType type(Random random) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    if (kind != Kind.DECIMAL) {
      return StorageType.of(kind);
    }
    int precision = 1 + random.nextInt(38);
    return StorageType.decimal(precision, random.nextInt(precision + 1));
  }

  static Object value(StorageType type, Random random) {
    return switch (type.kind()) {
      case INTEGER -> random.nextLong() >> random.nextInt(64);
      case BOOLEAN -> random.nextBoolean();
      case DOUBLE -> random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10);
      case DECIMAL -> decimal(type, random);
      case STRING -> text(random);
      case BYTES -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case DATE -> LocalDate.ofEpochDay(random.nextInt(60_000) - 20_000);
      case TIME -> LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L);
      case TIMESTAMP ->
          LocalDateTime.ofEpochSecond(
              random.nextInt(), random.nextInt(1_000_000) * 1000, java.time.ZoneOffset.UTC);
    };
  }

  private static BigDecimal decimal(StorageType type, Random random) {
    int digits = random.nextInt(type.precision() + 1);
    BigInteger unscaled =
        new BigInteger(130, random).mod(BigInteger.TEN.pow(digits)).multiply(sign(random));
    return new BigDecimal(unscaled, type.scale());
  }

  private static BigInteger sign(Random random) {
    return random.nextBoolean() ? BigInteger.ONE : BigInteger.ONE.negate();
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    int length = random.nextInt(20);
    for (int i = 0; i < length; i++) {
      out.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> 0x1F600 + random.nextInt(20);
            case 1 -> 0xFF00 + random.nextInt(100);
            case 2 -> random.nextInt(3);
            default -> 'a' + random.nextInt(26);
          });
    }
    return out.toString();
  }
}

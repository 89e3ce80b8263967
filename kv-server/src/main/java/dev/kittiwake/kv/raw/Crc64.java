package dev.kittiwake.kv.raw;

/**
 * CRC-64 with the ECMA-182 polynomial, reflected ("XZ"): check value of "123456789" is {@code
 * 995DC9BBDF1939FA}.
 */
final class Crc64 {
  private static final long REFLECTED_POLYNOMIAL = 0xC96C5795D7870F42L;
  private static final long[] TABLE = table();

  private Crc64() {}

  /** The checksum of {@code first} followed by {@code second}. */
  static long of(byte[] first, byte[] second) {
    return ~update(update(~0L, first), second);
  }

  private static long update(long crc, byte[] bytes) {
    for (byte b : bytes) {
      crc = TABLE[(int) (crc ^ b) & 0xFF] ^ (crc >>> 8);
    }
    return crc;
  }

  private static long[] table() {
    long[] table = new long[256];
    for (int i = 0; i < table.length; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ REFLECTED_POLYNOMIAL;
      }
      table[i] = crc;
    }
    return table;
  }
}

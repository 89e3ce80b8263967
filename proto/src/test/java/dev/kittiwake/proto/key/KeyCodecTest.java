package dev.kittiwake.proto.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Stored keys sort as user keys do, and the newest version of a key comes first. */
class KeyCodecTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void workedExamplesOfTheFormat() {
    assertEquals("0000000000000000f7", HEX.formatHex(MemComparable.encode(new byte[0])));
    assertEquals("6162630000000000fa", HEX.formatHex(MemComparable.encode("abc".getBytes())));
    assertEquals(
        "3132333435363738ff0000000000000000f7",
        HEX.formatHex(MemComparable.encode("12345678".getBytes())));
    assertEquals(
        "6162630000000000fafffffffffffffffa", VersionedKey.of(Key.of("abc"), 5).toString());
  }

  @Test
  void encodingKeepsTheOrderAndComesBack() {
    long seed = Long.getLong("seed", 20261122L);
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] a = randomBytes(random);
      byte[] b =
          random.nextInt(4) == 0
              ? Arrays.copyOf(a, random.nextInt(a.length + 3))
              : randomBytes(random);
      byte[] encodedA = MemComparable.encode(a);
      byte[] encodedB = MemComparable.encode(b);
      assertEquals(
          Integer.signum(Arrays.compareUnsigned(a, b)),
          Integer.signum(Arrays.compareUnsigned(encodedA, encodedB)),
          () -> "seed " + seed);
      assertArrayEquals(a, MemComparable.decode(encodedA), () -> "seed " + seed);
      assertEquals(encodedA.length, MemComparable.lengthOfEncoded(encodedA, 0));
    }
  }

  @Test
  void bytesThatAreNoEncodedKeyAreRefused() {
    for (String bad :
        new String[] {"", "61", "6162630000000000ff", "6162630000000001fa", "6162630000000000f6"}) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> MemComparable.decode(HEX.parseHex(bad)));
      assertTrue(refused.getMessage().contains(bad));
    }
  }

  @Test
  void newerVersionsComeFirstAlsoBeyondTheSignBit() {
    Key key = Key.of("k");
    long[] ascending = {0, 1, 5, Long.MAX_VALUE, Long.MIN_VALUE, -2, Timestamp.MAX};
    for (int i = 1; i < ascending.length; i++) {
      assertTrue(
          VersionedKey.of(key, ascending[i]).compareTo(VersionedKey.of(key, ascending[i - 1])) < 0);
      assertTrue(Timestamp.isAfter(ascending[i], ascending[i - 1]));
    }
    byte[] stored = VersionedKey.of(key, -2).unsafeBytes();
    assertEquals(-2, VersionedKey.timestamp(stored));
    assertEquals(key, VersionedKey.userKey(stored));
    assertTrue(VersionedKey.isVersionOf(stored, MemComparable.encode(key)));
  }

  @Test
  void rangesKnowTheirKeys() {
    KeyRange range = new KeyRange(Key.of("b"), Key.of("d"));
    assertTrue(range.contains(Key.of("b")) && range.contains(Key.of("cz")));
    assertTrue(!range.contains(Key.of("d")) && !range.contains(Key.of("a")));
    assertTrue(KeyRange.ALL.contains(Key.EMPTY) && KeyRange.ALL.overlaps(range));
    assertTrue(range.intersection(new KeyRange(Key.of("d"), Key.EMPTY)).isEmpty());
    assertEquals(Key.EMPTY, Key.wrap(new byte[] {-1, -1}).prefixEnd());
    assertEquals(Key.of("b"), Key.of("a").prefixEnd());
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(20)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] =
          random.nextInt(3) == 0
              ? 0
              : random.nextInt(3) == 0 ? (byte) 0xFF : (byte) random.nextInt(256);
    }
    return bytes;
  }
}

package dev.kittiwake.proto.key;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A stored key of multi-version data: the {@link MemComparable encoded} user key followed by the
 * big-endian bitwise complement of a timestamp, so that newer versions sort before older ones.
 *
 * <p>Worked example: {@code "abc"} at timestamp 5 is {@code 61 62 63 00 00 00 00 00 FA FF FF FF FF
 * FF FF FF FA}.
 */
public final class VersionedKey {
  public static final int TIMESTAMP_BYTES = 8;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private VersionedKey() {}

  /** The stored key of {@code userKey} at {@code ts}. */
  public static Key of(Key userKey, long ts) {
    byte[] raw = userKey.unsafeBytes();
    byte[] stored = new byte[MemComparable.encodedLength(raw.length) + TIMESTAMP_BYTES];
    LONG.set(stored, MemComparable.encodeInto(raw, stored, 0), ~ts);
    return Key.wrap(stored);
  }

  /** {@code encodedKey} (already memcomparable) at {@code ts}. */
  public static Key append(Key encodedKey, long ts) {
    byte[] stored = Arrays.copyOf(encodedKey.unsafeBytes(), encodedKey.length() + TIMESTAMP_BYTES);
    LONG.set(stored, encodedKey.length(), ~ts);
    return Key.wrap(stored);
  }

  public static long timestamp(byte[] stored) {
    if (stored.length < TIMESTAMP_BYTES) {
      throw new IllegalArgumentException("no timestamp in stored key " + Key.copyOf(stored));
    }
    return ~(long) LONG.get(stored, stored.length - TIMESTAMP_BYTES);
  }

  /** The encoded user key within {@code stored}, without its timestamp. */
  public static Key encodedUserKey(byte[] stored) {
    return Key.wrap(Arrays.copyOf(stored, stored.length - TIMESTAMP_BYTES));
  }

  public static Key userKey(byte[] stored) {
    return Key.wrap(MemComparable.decode(stored, 0, stored.length - TIMESTAMP_BYTES));
  }

  /** Whether {@code stored} is a version of {@code encodedKey}. */
  public static boolean isVersionOf(byte[] stored, Key encodedKey) {
    return stored.length == encodedKey.length() + TIMESTAMP_BYTES
        && Arrays.equals(
            stored, 0, encodedKey.length(), encodedKey.unsafeBytes(), 0, encodedKey.length());
  }
}

package dev.kittiwake.txn.wait;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * FarmHash Fingerprint64 (Google, 2014; the "na" variant, whose values are frozen): the hash by
 * which clients compare the key of a deadlock with the keys they lock.
 */
public final class FarmHash {
  private static final long K0 = 0xc3a5c85c97cb3127L;
  private static final long K1 = 0xb492b66fbe98f273L;
  private static final long K2 = 0x9ae16a3b2f90404fL;
  private static final long SEED = 81;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private FarmHash() {}

  public static long fingerprint64(byte[] bytes) {
    int length = bytes.length;
    if (length <= 16) {
      return upTo16(bytes, length);
    }
    if (length <= 32) {
      return upTo32(bytes, length);
    }
    return length <= 64 ? upTo64(bytes, length) : longer(bytes, length);
  }

  private static long upTo16(byte[] s, int length) {
    if (length >= 8) {
      long mul = K2 + length * 2L;
      long a = u64(s, 0) + K2;
      long b = u64(s, length - 8);
      long c = Long.rotateRight(b, 37) * mul + a;
      long d = (Long.rotateRight(a, 25) + b) * mul;
      return mix(c, d, mul);
    }
    if (length >= 4) {
      long mul = K2 + length * 2L;
      return mix(length + (u32(s, 0) << 3), u32(s, length - 4), mul);
    }
    if (length > 0) {
      int a = s[0] & 0xFF;
      int b = s[length >> 1] & 0xFF;
      int c = s[length - 1] & 0xFF;
      return shiftMix((a + (b << 8)) * K2 ^ (length + (c << 2)) * K0) * K2;
    }
    return K2;
  }

  private static long upTo32(byte[] s, int length) {
    long mul = K2 + length * 2L;
    long a = u64(s, 0) * K1;
    long b = u64(s, 8);
    long c = u64(s, length - 8) * mul;
    long d = u64(s, length - 16) * K2;
    return mix(
        Long.rotateRight(a + b, 43) + Long.rotateRight(c, 30) + d,
        a + Long.rotateRight(b + K2, 18) + c,
        mul);
  }

  private static long upTo64(byte[] s, int length) {
    long mul = K2 + length * 2L;
    long a = u64(s, 0) * K2;
    long b = u64(s, 8);
    long c = u64(s, length - 8) * mul;
    long d = u64(s, length - 16) * K2;
    long y = Long.rotateRight(a + b, 43) + Long.rotateRight(c, 30) + d;
    long z = mix(y, a + Long.rotateRight(b + K2, 18) + c, mul);
    long e = u64(s, 16) * mul;
    long f = u64(s, 24);
    long g = (y + u64(s, length - 32)) * mul;
    long h = (z + u64(s, length - 24)) * mul;
    return mix(
        Long.rotateRight(e + f, 43) + Long.rotateRight(g, 30) + h,
        e + Long.rotateRight(f + a, 18) + g,
        mul);
  }

  /** 64 bytes a round; the last round takes the last 64 bytes, overlapping the one before. */
  private static long longer(byte[] s, int length) {
    long x = SEED;
    long y = x * K1 + 113;
    x = x * K2 + u64(s, 0);
    long z = shiftMix(y * K2 + 113) * K2;
    long[] v = {0, 0};
    long[] w = {0, 0};
    int end = (length - 1) / 64 * 64;
    for (int at = 0; at < end; at += 64) {
      x = Long.rotateRight(x + y + v[0] + u64(s, at + 8), 37) * K1;
      y = Long.rotateRight(y + v[1] + u64(s, at + 48), 42) * K1;
      x ^= w[1];
      y += v[0] + u64(s, at + 40);
      z = Long.rotateRight(z + w[0], 33) * K1;
      weak32(s, at, v[1] * K1, x + w[0], v);
      weak32(s, at + 32, z + w[1], y + u64(s, at + 16), w);
      long swapped = z;
      z = x;
      x = swapped;
    }
    long mul = K1 + ((z & 0xFF) << 1);
    int last = length - 64;
    w[0] += (length - 1) & 63;
    v[0] += w[0];
    w[0] += v[0];
    x = Long.rotateRight(x + y + v[0] + u64(s, last + 8), 37) * mul;
    y = Long.rotateRight(y + v[1] + u64(s, last + 48), 42) * mul;
    x ^= w[1] * 9;
    y += v[0] * 9 + u64(s, last + 40);
    z = Long.rotateRight(z + w[0], 33) * mul;
    weak32(s, last, v[1] * mul, x + w[0], v);
    weak32(s, last + 32, z + w[1], y + u64(s, last + 16), w);
    return mix(mix(v[0], w[0], mul) + shiftMix(y) * K0 + x, mix(v[1], w[1], mul) + z, mul);
  }

  private static void weak32(byte[] s, int at, long seedA, long seedB, long[] result) {
    long first = u64(s, at);
    long last = u64(s, at + 24);
    long a = seedA + first;
    long b = Long.rotateRight(seedB + a + last, 21);
    long c = a;
    a += u64(s, at + 8) + u64(s, at + 16);
    b += Long.rotateRight(a, 44);
    result[0] = a + last;
    result[1] = b + c;
  }

  private static long mix(long u, long v, long mul) {
    long a = (u ^ v) * mul;
    a ^= a >>> 47;
    long b = (v ^ a) * mul;
    b ^= b >>> 47;
    return b * mul;
  }

  private static long shiftMix(long value) {
    return value ^ value >>> 47;
  }

  private static long u64(byte[] s, int at) {
    return (long) LONG.get(s, at);
  }

  private static long u32(byte[] s, int at) {
    return (int) INT.get(s, at) & 0xFFFFFFFFL;
  }
}

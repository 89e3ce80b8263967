package dev.kittiwake.client.region;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.MemComparable;
import java.util.Arrays;

/** Between user keys of transactions and stored keys. Pure. */
public final class UserKeys {
  private static final int GROUP = 8;

  private UserKeys() {}

  /** The stored form of a user key, by which it is routed. */
  public static byte[] stored(byte[] userKey) {
    return MemComparable.encode(userKey);
  }

  /**
   * The smallest user key whose stored form is not below {@code boundary}. A boundary between
   * regions is normally the stored form of a key; one that raw data made need not be.
   */
  public static Key atOrAbove(byte[] boundary) {
    int groups = 0;
    while ((groups + 1) * (GROUP + 1) <= boundary.length
        && boundary[groups * (GROUP + 1) + GROUP] == (byte) 0xFF) {
      groups++;
    }
    int rest = groups * (GROUP + 1);
    int length = Math.min(GROUP, boundary.length - rest);
    for (int take = 0; ; take++) {
      byte[] candidate = new byte[groups * GROUP + take];
      for (int group = 0; group < groups; group++) {
        System.arraycopy(boundary, group * (GROUP + 1), candidate, group * GROUP, GROUP);
      }
      System.arraycopy(boundary, rest, candidate, groups * GROUP, take);
      if (take == length
          || Arrays.compareUnsigned(MemComparable.encode(candidate), boundary) >= 0) {
        return Key.wrap(candidate);
      }
    }
  }
}

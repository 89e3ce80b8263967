package dev.kittiwake.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Keys of twenty bytes and half-random values for one thread. */
final class Draw {
  private final SplittableRandom random;
  private final int keys;
  private final int valueSize;

  Draw(BenchCommand.Load load, int thread) {
    this.random = new SplittableRandom(load.seed * 1_000_003 + thread);
    this.keys = load.keys;
    this.valueSize = load.valueSize;
  }

  int keys() {
    return keys;
  }

  byte[] key() {
    return key(random.nextInt(keys));
  }

  static byte[] key(int number) {
    return String.format("bench-%014d", number).getBytes(StandardCharsets.US_ASCII);
  }

  /** The first half is random, the rest compressible. */
  byte[] value() {
    byte[] value = new byte[valueSize];
    ByteBuffer buffer = ByteBuffer.wrap(value);
    while (buffer.position() < valueSize / 2 && buffer.remaining() >= Long.BYTES) {
      buffer.putLong(random.nextLong());
    }
    return value;
  }
}

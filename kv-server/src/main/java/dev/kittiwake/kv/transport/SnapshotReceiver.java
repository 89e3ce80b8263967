package dev.kittiwake.kv.transport;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.StagedRange;
import dev.kittiwake.proto.store.SnapshotBlock;
import dev.kittiwake.proto.store.SnapshotEnd;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Puts arriving blocks into a staging area, checking each; a snapshot that is damaged or breaks off
 * is cleaned away. Confined to one thread at a time.
 */
public final class SnapshotReceiver {
  private final StagedRange staged;
  private final Consumer<StagedRange> complete;
  private final Runnable over;
  private long blocks;
  private long bytes;
  private boolean done;

  /**
   * @param complete receives the sealed area
   * @param over called once at the end, well or not
   */
  public SnapshotReceiver(StagedRange staged, Consumer<StagedRange> complete, Runnable over) {
    this.staged = staged;
    this.complete = complete;
    this.over = over;
  }

  /**
   * Takes the next block.
   *
   * @throws IllegalArgumentException if it is damaged; the snapshot is given up then
   */
  public void accept(SnapshotBlock block) {
    try {
      byte[] body = block.getPairs().toByteArray();
      if (SnapshotStream.checksum(body) != block.getChecksum()) {
        throw new IllegalArgumentException("block " + blocks + " of a snapshot is damaged");
      }
      Family family = Family.ofId(block.getFamily());
      if (!Family.OF_DATA.contains(family)) {
        throw new IllegalArgumentException("a snapshot must not carry family " + family);
      }
      Pairs pairs = new Pairs(body);
      while (pairs.hasNext()) {
        staged.add(family, pairs.next(), pairs.next());
      }
      blocks++;
      bytes += body.length;
    } catch (RuntimeException broken) {
      abort();
      throw broken;
    }
  }

  /**
   * All blocks have arrived.
   *
   * @throws IllegalArgumentException if some are missing; the snapshot is given up then
   */
  public void finish(SnapshotEnd end) {
    try {
      if (end.getBlocks() != blocks || end.getBytes() != bytes) {
        throw new IllegalArgumentException(
            "a snapshot has " + end.getBlocks() + " blocks, but " + blocks + " arrived");
      }
      staged.seal();
    } catch (RuntimeException broken) {
      abort();
      throw broken;
    }
    done = true;
    over.run();
    complete.accept(staged);
  }

  /** The stream broke off. Harmless after the end. */
  public void abort() {
    if (!done) {
      done = true;
      over.run();
      staged.discard();
    }
  }

  private static final class Pairs {
    private final byte[] body;
    private int position;

    Pairs(byte[] body) {
      this.body = body;
    }

    boolean hasNext() {
      return position < body.length;
    }

    byte[] next() {
      int length = 0;
      for (int shift = 0; shift < 32; shift += 7) {
        byte part = body[position++];
        length |= (part & 0x7F) << shift;
        if (part >= 0) {
          break;
        }
      }
      if (length < 0 || length > body.length - position) {
        throw new IllegalArgumentException("a block of a snapshot ends within a pair");
      }
      position += length;
      return Arrays.copyOfRange(body, position - length, position);
    }
  }
}

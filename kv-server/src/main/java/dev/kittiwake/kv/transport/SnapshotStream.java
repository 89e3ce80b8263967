package dev.kittiwake.kv.transport;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.store.SnapshotBlock;
import dev.kittiwake.proto.store.SnapshotEnd;
import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32C;

/**
 * Cuts a region's snapshot into blocks of pairs, family by family, straight from the engine:
 * nothing is written to the sender's disk. Confined to one thread at a time.
 */
public final class SnapshotStream implements AutoCloseable {
  private final OutgoingSnapshot snapshot;
  private final int blockBytes;
  private int family = -1; // index into OF_DATA of the family being read
  private EngineCursor cursor;
  private long blocks;
  private long bytes;

  /**
   * @param blockBytes a block is cut once it has so many bytes
   */
  public SnapshotStream(OutgoingSnapshot snapshot, int blockBytes) {
    this.snapshot = snapshot;
    this.blockBytes = blockBytes;
  }

  /** The next block, or null at the end. */
  public SnapshotBlock next() {
    while (cursor == null || !cursor.valid()) {
      if (!openNextFamily()) {
        return null;
      }
    }
    ByteArrayOutputStream pairs = new ByteArrayOutputStream(blockBytes + 1024);
    while (cursor.valid() && pairs.size() < blockBytes) {
      append(pairs, cursor.key());
      append(pairs, cursor.value());
      cursor.next();
    }
    byte[] body = pairs.toByteArray();
    blocks++;
    bytes += body.length;
    return SnapshotBlock.newBuilder()
        .setFamily(Family.OF_DATA.get(family).id())
        .setPairs(UnsafeByteOperations.unsafeWrap(body))
        .setChecksum(checksum(body))
        .build();
  }

  private boolean openNextFamily() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
    if (family + 1 >= Family.OF_DATA.size()) {
      return false;
    }
    family++;
    cursor = snapshot.data().cursor(Family.OF_DATA.get(family), snapshot.from(), snapshot.to());
    cursor.seekToFirst();
    return true;
  }

  /** What the receiver checks at the end. */
  public SnapshotEnd end() {
    return SnapshotEnd.newBuilder().setBlocks(blocks).setBytes(bytes).build();
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
    snapshot.data().close();
  }

  private static void append(ByteArrayOutputStream out, byte[] value) {
    int rest = value.length;
    while ((rest & ~0x7F) != 0) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    out.write(value, 0, value.length);
  }

  static int checksum(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return (int) crc.getValue();
  }
}

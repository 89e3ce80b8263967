package dev.kittiwake.sql;

import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.sql.exec.RowNumbers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes numbers from the cluster in blocks: one counter for each table, under {@code m_rownumber_}
 * and the table's id (8 bytes), holding the last number given out (8 bytes). Numbers of a block
 * that a process did not use are lost.
 */
final class ClusterRowNumbers implements RowNumbers {
  private static final byte[] PREFIX = "m_rownumber_".getBytes(StandardCharsets.US_ASCII);

  /** Numbers still to be given out: {@code (last, end]}. */
  private static final class Block {
    private long last;
    private long end;
  }

  private final TransactionClient client;
  private final int blockSize;
  private final ConcurrentHashMap<Long, Block> blocks = new ConcurrentHashMap<>();

  ClusterRowNumbers(TransactionClient client, int blockSize) {
    this.client = client;
    this.blockSize = blockSize;
  }

  @Override
  public long next(long tableId) {
    Block block = blocks.computeIfAbsent(tableId, id -> new Block());
    synchronized (block) {
      if (block.last == block.end) {
        long end = advance(tableId, 0);
        block.last = end - blockSize;
        block.end = end;
      }
      return ++block.last;
    }
  }

  @Override
  public void skipTo(long tableId, long used) {
    if (used <= 0) {
      return;
    }
    Block block = blocks.computeIfAbsent(tableId, id -> new Block());
    synchronized (block) {
      if (used <= block.last) {
        return;
      }
      if (used < block.end) {
        block.last = used;
        return;
      }
      long end = advance(tableId, used);
      block.last = Math.max(used, end - blockSize);
      block.end = end;
    }
  }

  /** Moves the counter on by a block, but at least to a block above {@code used}. */
  private long advance(long tableId, long used) {
    Key key = Key.wrap(ByteBuffer.allocate(PREFIX.length + 8).put(PREFIX).putLong(tableId).array());
    return client.run(
        transaction -> {
          transaction.lock(List.of(key), LockOptions.VALUES);
          byte[] value = transaction.get(key.unsafeBytes());
          long last = value == null ? 0 : ByteBuffer.wrap(value).getLong();
          long from = Math.max(last, used);
          if (from > Long.MAX_VALUE - blockSize) {
            throw SqlError.of(
                SqlStates.NUMBER_OUT_OF_RANGE, "the identity column has no numbers left");
          }
          long end = from + blockSize;
          transaction.put(key.unsafeBytes(), ByteBuffer.allocate(8).putLong(end).array());
          return end;
        });
  }
}

package dev.kittiwake.kv.region;

import dev.kittiwake.kv.resolved.OpenLocks;
import dev.kittiwake.proto.kvrpcpb.LockInfo;
import dev.kittiwake.proto.kvrpcpb.ReadIndexRequest;

/**
 * The leader's part in transactional reads that its followers serve, with its help or on its word:
 * commits whose timestamps are computed here must from now on lie above them. Called on the store
 * loop, must not block.
 */
public interface ReadGuard {
  /** For stores on which nothing is committed. */
  ReadGuard NONE =
      new ReadGuard() {
        @Override
        public LockInfo beforeRead(ReadIndexRequest claim) {
          return null;
        }

        @Override
        public long settle(long ts) {
          return OpenLocks.NONE;
        }
      };

  /** Takes note of the read; answers the commit in flight that is in its way, or null. */
  LockInfo beforeRead(ReadIndexRequest claim);

  /**
   * From now on nothing is committed at or below {@code ts} but what is in flight; answers the
   * least start timestamp of that, {@link OpenLocks#NONE} if there is none.
   */
  long settle(long ts);
}

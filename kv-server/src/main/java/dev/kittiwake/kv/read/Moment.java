package dev.kittiwake.kv.read;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.KeyRange;
import dev.kittiwake.proto.kvrpcpb.ReadIndexRequest;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a request wants to read of transactional data, and as of when.
 *
 * @param storedKeys must lie in the region
 * @param ts the timestamp; the greatest one means the latest
 * @param userKeys what is read, in ranges of user keys; asked for if another store must know
 * @param many whether so much is read that it belongs on the executor for scans
 */
public record Moment(
    Context context,
    List<Key> storedKeys,
    long ts,
    Supplier<List<KeyRange>> userKeys,
    boolean many) {
  /** What the leader has to know before a follower may serve the read. */
  ReadIndexRequest claim() {
    return ReadIndexRequest.newBuilder()
        .setContext(
            Context.newBuilder()
                .setIsolationLevel(context.getIsolationLevel())
                .addAllResolvedLocks(context.getResolvedLocksList()))
        .setStartTs(ts)
        .addAllRanges(userKeys.get())
        .build();
  }
}

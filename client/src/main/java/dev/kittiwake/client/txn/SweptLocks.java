package dev.kittiwake.client.txn;

/**
 * What a sweep over all locks found.
 *
 * @param removed locks of finished and dead transactions that are gone now
 * @param oldestAlive when the oldest transaction began that still lives; {@link
 *     dev.kittiwake.proto.key.Timestamp#MAX} if none was met
 */
public record SweptLocks(long removed, long oldestAlive) {}

package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;

/**
 * A lock that is gone once the writes are applied.
 *
 * @param commitTs 0 if it was rolled back
 */
public record ReleasedLock(Key key, long startTs, long commitTs) {}

package dev.kittiwake.txn.mvcc;

import dev.kittiwake.proto.key.Key;

/**
 * A user key and the lock on it: everything a client needs to resolve it (the protocol's {@code
 * LockInfo}).
 */
public record LockedKey(Key key, Lock lock) {}

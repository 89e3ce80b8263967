/**
 * Reads of one snapshot at a timestamp: single keys ({@link dev.kittiwake.txn.read.PointReader})
 * and ranges ({@link dev.kittiwake.txn.read.RangeReader}). Locks in the way come back as {@link
 * dev.kittiwake.txn.command.KeyError}s.
 *
 * <p>The caller has announced the read to {@link dev.kittiwake.txn.wait.InMemoryLocks} before he
 * took the snapshot.
 */
package dev.kittiwake.txn.read;

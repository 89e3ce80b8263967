/**
 * Multi-version records: what a key's lock and its versions look like, and how they are found.
 *
 * <p>Three column families: {@code LOCK} holds at most one {@link dev.kittiwake.txn.mvcc.Lock} per
 * key; {@code WRITE} holds one {@link dev.kittiwake.txn.mvcc.Write} per committed or rolled back
 * transaction at {@code key + commit_ts}, newest first; {@code DEFAULT} holds values longer than
 * {@link dev.kittiwake.txn.mvcc.Write#MAX_SHORT_VALUE_BYTES} at {@code key + start_ts}. {@link
 * dev.kittiwake.txn.mvcc.MvccReader} answers questions about one key, {@link
 * dev.kittiwake.txn.mvcc.ReadView} says what a read at a timestamp may see, {@link
 * dev.kittiwake.txn.mvcc.WriteSet} collects what a command changes.
 */
package dev.kittiwake.txn.mvcc;

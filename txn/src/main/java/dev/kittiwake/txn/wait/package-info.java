/**
 * Contention as data structures that never block: {@link dev.kittiwake.txn.wait.Latches} order the
 * commands of one store by key, {@link dev.kittiwake.txn.wait.LockQueue} orders the transactions
 * that wait for a lock, {@link dev.kittiwake.txn.wait.DeadlockDetector} finds cycles among them,
 * {@link dev.kittiwake.txn.wait.InMemoryLocks} keeps max_ts and the locks of asynchronous commits
 * in flight.
 */
package dev.kittiwake.txn.wait;

/**
 * Running transaction commands: latch, look, decide, replicate, wake, answer.
 *
 * <p>{@link dev.kittiwake.kv.txn.TxnScheduler} carries out what the pure commands of {@code
 * dev.kittiwake.txn} decide: it holds the latches of a command's keys, takes a linearizable
 * snapshot, executes the command and replicates its writes through {@link
 * dev.kittiwake.kv.region.RegionAccess}. A command that meets a lock waits in {@link
 * dev.kittiwake.kv.txn.LockWaiters}, where the {@link dev.kittiwake.kv.txn.DeadlockService} may
 * refuse it. Pessimistic locks stay on the leader ({@link dev.kittiwake.kv.txn.UnreplicatedLocks}).
 * {@link dev.kittiwake.kv.txn.MaxTsSync} fetches a fresh timestamp when a replica starts to lead,
 * before it computes commit timestamps itself.
 */
package dev.kittiwake.kv.txn;

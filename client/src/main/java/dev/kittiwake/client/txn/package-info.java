/**
 * Transactions over many regions: Percolator (Peng and Dabek, 2010) with pessimistic locks,
 * one-phase and asynchronous commit, in the dialect of TiKV's protocol.
 *
 * <p>{@link dev.kittiwake.client.txn.TransactionClient} begins a {@link
 * dev.kittiwake.client.txn.Transaction}; what it writes waits in a {@code MemBuffer}; {@code
 * PessimisticLocks} takes locks early, {@code TwoPhaseCommit} writes and commits, {@code
 * LockResolver} deals with locks of others, also of dead clients, and {@code Heartbeats} keeps our
 * own alive. Keys are user keys throughout; only the router knows their stored form.
 */
package dev.kittiwake.client.txn;

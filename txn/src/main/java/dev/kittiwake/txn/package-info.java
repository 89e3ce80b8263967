/**
 * Percolator transactions as pure decisions: a command looks at one snapshot of the data and says
 * what to write, whom to wait for, or why not. Nothing here reads a clock, starts a thread or does
 * I/O; the store runs the decisions (latch, snapshot, execute, replicate, wake, answer).
 *
 * <p>Four chapters, each knowing only those before it: {@code mvcc} (the records and how versions
 * are found), {@code wait} (contention as data structures), {@code command} (one record per
 * request), {@code read} (snapshot reads).
 *
 * <p>Papers: Peng and Dabek, "Large-scale Incremental Processing Using Distributed Transactions and
 * Notifications" (OSDI 2010), with pessimistic locks, asynchronous commit and one-phase commit as
 * TiKV's clients expect them. All bytes stored are TiKV's.
 */
package dev.kittiwake.txn;

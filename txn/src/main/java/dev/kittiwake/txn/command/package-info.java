/**
 * One record per transactional request. A {@link dev.kittiwake.txn.command.Command} names the keys
 * to latch and decides, from one snapshot, an {@link dev.kittiwake.txn.command.Outcome}: answer,
 * replicate writes, wait for a lock, or go on with another command. What cannot be done is a {@link
 * dev.kittiwake.txn.command.KeyError}, thrown as {@link dev.kittiwake.txn.command.TxnRejected}.
 *
 * <p>How a store runs a command: acquire the latches of {@code latchKeys()}; call {@code
 * beforeSnapshot}; take the snapshot; {@code execute}; replicate; drop the in-memory locks of the
 * outcome; wake the waiters of released locks; free the latches; answer. Latches are held until the
 * writes are applied, so two commands on one key never overlap.
 */
package dev.kittiwake.txn.command;

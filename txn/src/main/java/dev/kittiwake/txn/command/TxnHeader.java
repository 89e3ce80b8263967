package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;

/**
 * What a locking request says about its transaction.
 *
 * @param forUpdateTs non-zero for pessimistic transactions
 * @param txnSize how many keys the transaction has, a hint for those who resolve its locks
 * @param minCommitTs the client promises not to commit below; 0 = readers cannot push the locks
 */
public record TxnHeader(
    Key primary, long startTs, long forUpdateTs, long ttlMillis, long txnSize, long minCommitTs) {
  public boolean isPessimistic() {
    return forUpdateTs != 0;
  }
}

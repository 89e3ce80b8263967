package dev.kittiwake.client.txn;

/** A place in a transaction's history of writes to go back to. */
public final class Savepoint {
  final MemBuffer owner;
  final int position;

  Savepoint(MemBuffer owner, int position) {
    this.owner = owner;
    this.position = position;
  }
}

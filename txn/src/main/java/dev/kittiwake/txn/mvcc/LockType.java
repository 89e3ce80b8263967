package dev.kittiwake.txn.mvcc;

/** What a lock will become when its transaction commits, and its byte on disk. */
public enum LockType {
  PUT('P'),
  DELETE('D'),
  /** Changes nothing: the key was only locked (or read for update) by the transaction. */
  LOCK('L'),
  /** Taken before the commit by a pessimistic transaction; a prewrite replaces it. */
  PESSIMISTIC('S'),
  /** A container of shared locks: understood when read, not written by us. */
  SHARED('H');

  private final byte code;

  LockType(char code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  static LockType of(byte code) {
    switch (code) {
      case 'P':
        return PUT;
      case 'D':
        return DELETE;
      case 'L':
        return LOCK;
      case 'S':
        return PESSIMISTIC;
      case 'H':
        return SHARED;
      default:
        throw new IllegalArgumentException("unknown lock type byte " + code);
    }
  }
}

package dev.kittiwake.txn.mvcc;

/** What a record in the write family says, and its byte on disk. */
public enum WriteType {
  PUT('P'),
  DELETE('D'),
  /** A commit that changed nothing. */
  LOCK('L'),
  /** The transaction must never commit on this key. */
  ROLLBACK('R');

  private final byte code;

  WriteType(char code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  /** Whether the record decides what readers see: a value, or that there is none. */
  public boolean changesValue() {
    return this == PUT || this == DELETE;
  }

  static WriteType of(byte code) {
    switch (code) {
      case 'P':
        return PUT;
      case 'D':
        return DELETE;
      case 'L':
        return LOCK;
      case 'R':
        return ROLLBACK;
      default:
        throw new IllegalArgumentException("unknown write type byte " + code);
    }
  }
}

package dev.kittiwake.sql.exec;

/** Reads one table; tells the key of the row it yielded last. */
abstract class AccessOperator extends Operator {
  /** The key of the present row. */
  abstract byte[] rowKey();
}

package dev.kittiwake.sql.exec;

/** A plan node, compiled: immutable and shared by all executions of its plan. */
interface Opener {
  /** Nobody said how many rows are wanted. */
  long ALL = Long.MAX_VALUE;

  /**
   * Starts the node for one execution.
   *
   * @param demand rows that will be asked for at most, {@link #ALL} if unknown
   */
  Operator open(Execution execution, long demand);
}

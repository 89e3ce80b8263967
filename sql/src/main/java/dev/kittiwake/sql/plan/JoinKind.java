package dev.kittiwake.sql.plan;

/** What a join yields. INNER, LEFT, RIGHT and FULL yield the left row followed by the right row. */
public enum JoinKind {
  INNER,
  /** Left rows without a match once, with NULLs on the right. */
  LEFT,
  /** Right rows without a match once, with NULLs on the left. */
  RIGHT,
  FULL,
  /** Left rows (alone) that have a match, each once. */
  SEMI,
  /** Left rows (alone) that have no match. A condition that is NULL is no match. */
  ANTI;

  /** Whether right columns are part of the joined row. */
  public boolean yieldsRight() {
    return this != SEMI && this != ANTI;
  }
}

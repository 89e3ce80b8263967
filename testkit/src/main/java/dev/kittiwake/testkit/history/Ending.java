package dev.kittiwake.testkit.history;

/** How an operation ended, as its client knows it. */
public enum Ending {
  /** It happened. */
  OK,
  /** It certainly had no effect and never will. */
  FAILED,
  /** The client gave up: it may have had its effect, may have it later, or never. */
  UNDETERMINED,
  /** The history stops before its end; judged like {@link #UNDETERMINED}. */
  OPEN;

  /** Whether the effect may or may not be there. */
  public boolean isUnknown() {
    return this == UNDETERMINED || this == OPEN;
  }
}

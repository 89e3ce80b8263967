package dev.kittiwake.tpcc;

/**
 * Hears how a long operation goes. Called from several threads, one call at a time per operation.
 */
public interface Progress {
  /** One finished line for a human. */
  void line(String text);

  /** How far a stage is, in whole percent from 0 to 100, never falling within one stage. */
  void percent(String stage, int percent);

  /**
   * A terminal was told that its transaction is committed. Called by the terminal's thread, from
   * many at once: must be quick.
   *
   * @param nanos from the first try to the commit's answer, which came just now
   */
  default void committed(TransactionType type, long nanos) {}

  /** A terminal's try failed, whether it is repeated or not; as {@link #committed}. */
  default void failedTry(TransactionType type, String cause) {}

  /** Listens to nothing. */
  static Progress silent() {
    return new Progress() {
      @Override
      public void line(String text) {}

      @Override
      public void percent(String stage, int percent) {}
    };
  }
}

package dev.kittiwake.tpcc;

/**
 * Hears how a long operation goes. Called from several threads, one call at a time per operation.
 */
public interface Progress {
  /** One finished line for a human. */
  void line(String text);

  /** How far a stage is, in whole percent from 0 to 100, never falling within one stage. */
  void percent(String stage, int percent);

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

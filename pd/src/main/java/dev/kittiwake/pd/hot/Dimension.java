package dev.kittiwake.pd.hot;

/** What is counted per second, and from how much on a region can be hot. */
public enum Dimension {
  BYTES(1024),
  KEYS(32),
  QUERIES(32);

  private final long minimum;

  Dimension(long minimum) {
    this.minimum = minimum;
  }

  /** Less than this per second is never hot. */
  public long minimum() {
    return minimum;
  }
}

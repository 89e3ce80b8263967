package dev.kittiwake.pd.hot;

/** What makes a region hot. */
public enum Flow {
  READ,
  WRITE
}

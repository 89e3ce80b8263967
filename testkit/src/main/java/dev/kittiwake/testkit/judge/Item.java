package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Step;

/** A list or a register. The same key may be both without meaning the same. */
record Item(boolean isList, String key) implements Comparable<Item> {
  /** What {@code step} is about; null for a counter, which other judges look at. */
  static Item of(Step step) {
    if (step instanceof Step.Increment) {
      return null;
    }
    return new Item(step instanceof Step.Append || step instanceof Step.ReadList, step.key());
  }

  @Override
  public int compareTo(Item other) {
    return isList == other.isList
        ? key.compareTo(other.key)
        : Boolean.compare(isList, other.isList);
  }

  @Override
  public String toString() {
    return key;
  }
}

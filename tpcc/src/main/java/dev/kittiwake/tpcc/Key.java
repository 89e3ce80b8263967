package dev.kittiwake.tpcc;

import java.util.Comparator;

/**
 * Names a warehouse (w, 0, 0), a district (w, d, 0), or an order or customer of a district (w, d,
 * n).
 */
record Key(int warehouse, int district, int number) implements Comparable<Key> {
  private static final Comparator<Key> ORDER =
      Comparator.comparingInt(Key::warehouse)
          .thenComparingInt(Key::district)
          .thenComparingInt(Key::number);

  @Override
  public int compareTo(Key other) {
    return ORDER.compare(this, other);
  }

  Key ofDistrict() {
    return new Key(warehouse, district, 0);
  }

  Key ofWarehouse() {
    return new Key(warehouse, 0, 0);
  }

  @Override
  public String toString() {
    return "warehouse "
        + warehouse
        + (district == 0 ? "" : " district " + district)
        + (number == 0 ? "" : " number " + number);
  }
}

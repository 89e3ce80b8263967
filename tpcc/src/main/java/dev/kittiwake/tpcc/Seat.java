package dev.kittiwake.tpcc;

/**
 * Where a terminal stands (clause 2.8.1.1: its warehouse and district never change).
 *
 * @param warehouses how many there are in all
 */
record Seat(int number, int warehouse, int district, int warehouses) {
  /** Spreads terminals over warehouses first, then over districts. */
  static Seat of(int number, int warehouses) {
    return new Seat(
        number, number % warehouses + 1, number / warehouses % Scale.DISTRICTS + 1, warehouses);
  }

  /** A warehouse other than this one, uniformly; this one if there is no other. */
  int otherWarehouse(TpccRandom random) {
    if (warehouses == 1) {
      return warehouse;
    }
    int other = random.uniform(1, warehouses - 1);
    return other < warehouse ? other : other + 1;
  }
}

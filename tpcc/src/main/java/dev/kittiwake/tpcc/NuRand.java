package dev.kittiwake.tpcc;

import java.util.random.RandomGenerator;

/**
 * The run-time constants C of the function NURand (clause 2.1.6), one for each field it draws.
 *
 * @param lastName C for C_LAST, 0 to 255
 * @param customer C for C_ID, 0 to 1023
 * @param item C for OL_I_ID, 0 to 8191
 */
record NuRand(int lastName, int customer, int item) {
  /**
   * C for C_LAST while loading: fixed, because a run must know it, also when another process
   * loaded.
   */
  private static final int LOAD_LAST_NAME = 157;

  NuRand {
    if (lastName < 0
        || lastName > 255
        || customer < 0
        || customer > 1023
        || item < 0
        || item > 8191) {
      throw new IllegalArgumentException(
          "NURand constants " + lastName + ", " + customer + ", " + item);
    }
  }

  /** The constants of the population (clause 4.3.3.1 uses only the one for C_LAST). */
  static NuRand forLoad() {
    return new NuRand(LOAD_LAST_NAME, 0, 0);
  }

  /** Constants of a measured run, C_LAST chosen as clause 2.1.6.1 wants. */
  static NuRand forRun(RandomGenerator random) {
    int lastName = random.nextInt(256);
    while (!allowed(lastName)) {
      lastName = random.nextInt(256);
    }
    return new NuRand(lastName, random.nextInt(1024), random.nextInt(8192));
  }

  /** Clause 2.1.6.1: the distance from C-load is 65 to 119, but not 96 and not 112. */
  static boolean allowed(int lastName) {
    int delta = Math.abs(lastName - LOAD_LAST_NAME);
    return delta >= 65 && delta <= 119 && delta != 96 && delta != 112;
  }
}

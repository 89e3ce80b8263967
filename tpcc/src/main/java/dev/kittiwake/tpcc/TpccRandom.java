package dev.kittiwake.tpcc;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Everything TPC-C draws by chance (clauses 2.1.5, 2.1.6 and 4.3.2), from one seeded generator.
 * Owned by one thread.
 */
final class TpccRandom {
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String[] SYLLABLES = {
    "BAR", "OUGHT", "ABLE", "PRI", "PRES", "ESE", "ANTI", "CALLY", "ATION", "EING"
  };

  private final RandomGenerator random;
  private final NuRand constants;
  private final Scale scale;

  TpccRandom(RandomGenerator random, NuRand constants, Scale scale) {
    this.random = random;
    this.constants = constants;
    this.scale = scale;
  }

  /**
   * A generator of its own for one part of the work, the same for the same seed whichever thread
   * does it.
   */
  static RandomGenerator part(long seed, long number) {
    return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
  }

  /** Uniform in {@code [low, high]}, both ends included. */
  int uniform(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /** True in {@code percent} of one hundred cases. */
  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Clause 2.1.6: the non-uniform draw from {@code [x, y]}. */
  int nuRand(int a, int c, int x, int y) {
    return ((uniform(0, a) | uniform(x, y)) + c) % (y - x + 1) + x;
  }

  /** C_ID of a transaction's customer. */
  int customer() {
    return nuRand(1023, constants.customer(), 1, scale.customers());
  }

  /** OL_I_ID of an order line. */
  int item() {
    return nuRand(8191, constants.item(), 1, scale.items());
  }

  /** C_LAST of a transaction's customer, or of one loaded beyond the first thousand. */
  String lastName() {
    return lastName(nuRand(255, constants.lastName(), 0, scale.lastNames() - 1));
  }

  /** Clause 4.3.2.3: the three syllables that the digits of {@code number}, 0 to 999, stand for. */
  static String lastName(int number) {
    return SYLLABLES[number / 100] + SYLLABLES[number / 10 % 10] + SYLLABLES[number % 10];
  }

  /** A random a-string (clause 4.3.2.2) of {@code min} to {@code max} characters. */
  String text(int min, int max) {
    return pick(LETTERS, uniform(min, max));
  }

  /** A random n-string of exactly {@code length} digits. */
  String digits(int length) {
    return pick("0123456789", length);
  }

  private String pick(String alphabet, int length) {
    char[] chars = new char[length];
    for (int i = 0; i < length; i++) {
      chars[i] = alphabet.charAt(random.nextInt(alphabet.length()));
    }
    return new String(chars);
  }

  /** I_DATA or S_DATA: 26 to 50 characters, and one in ten holds the word ORIGINAL somewhere. */
  String dataMaybeOriginal() {
    String text = text(26, 50);
    if (!chance(10)) {
      return text;
    }
    int at = uniform(0, text.length() - 8);
    return text.substring(0, at) + "ORIGINAL" + text.substring(at + 8);
  }

  /** Clause 4.3.2.7: four random digits, then 11111. */
  String zip() {
    return digits(4) + "11111";
  }

  /**
   * Uniform between {@code low} and {@code high} units of {@code 10^-digits}: {@code decimal(1,
   * 500, 2)} is 0.01 to 5.00.
   */
  BigDecimal decimal(int low, int high, int digits) {
    return BigDecimal.valueOf(uniform(low, high), digits);
  }

  /** Clause 5.2.5.4: negative exponential, cut off at ten times the mean. */
  Duration thinkTime(Duration mean) {
    double factor = Math.min(10, -Math.log(1 - random.nextDouble()));
    return Duration.ofNanos((long) (mean.toNanos() * factor));
  }

  <T> void shuffle(List<T> list) {
    for (int i = list.size() - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      T kept = list.get(i);
      list.set(i, list.get(j));
      list.set(j, kept);
    }
  }
}

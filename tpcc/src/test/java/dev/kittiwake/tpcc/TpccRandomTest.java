package dev.kittiwake.tpcc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is drawn by chance has the distributions the specification gives it. */
class TpccRandomTest {
  private static final long SEED = Long.getLong("seed", 42);
  private TpccRandom random;

  @BeforeEach
  void start() {
    System.out.println("TpccRandomTest: replay with -Dseed=" + SEED);
    random =
        new TpccRandom(
            TpccRandom.part(SEED, 0), NuRand.forRun(TpccRandom.part(SEED, 1)), Scale.FULL);
  }

  @Test
  void lastNamesAreMadeOfTheSyllablesOfTheirDigits() {
    assertEquals("BARBARBAR", TpccRandom.lastName(0));
    assertEquals("PRICALLYOUGHT", TpccRandom.lastName(371));
    assertEquals("EINGEINGEING", TpccRandom.lastName(999));
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      names.add(TpccRandom.lastName(i));
    }
    assertEquals(1000, names.size());
  }

  /**
   * The OR of two uniform numbers has each low bit set in three of four cases, so some values are
   * far more frequent.
   */
  @Test
  void nuRandStaysInItsRangeAndIsFarFromUniform() {
    int[] seen = new int[3001];
    int draws = 300_000;
    for (int i = 0; i < draws; i++) {
      int customer = random.customer();
      assertTrue(customer >= 1 && customer <= 3000, "customer " + customer);
      seen[customer]++;
    }
    java.util.Arrays.sort(seen);
    long topTenth = 0;
    for (int i = 2701; i <= 3000; i++) {
      topTenth += seen[i];
    }
    assertTrue(
        topTenth > draws * 0.3,
        "the most wanted tenth of the customers has only " + topTenth + " draws");
  }

  /**
   * Without its constant, NURand(255, 0, 999) is the OR itself: about 3/4 of the draws have a given
   * low bit set.
   */
  @Test
  void nuRandSetsLowBitsInThreeOfFourDraws() {
    int set = 0;
    for (int i = 0; i < 100_000; i++) {
      set += random.nuRand(1023, 0, 0, 4095) >> 3 & 1;
    }
    assertTrue(Math.abs(set - 75_000) < 1_000, "bit set in " + set + " of 100000");
  }

  @Test
  void nuRandIsShiftedByItsConstantModuloTheRange() {
    TpccRandom one = new TpccRandom(TpccRandom.part(SEED, 7), NuRand.forLoad(), Scale.FULL);
    TpccRandom two = new TpccRandom(TpccRandom.part(SEED, 7), NuRand.forLoad(), Scale.FULL);
    for (int i = 0; i < 1_000; i++) {
      int plain = one.nuRand(255, 0, 0, 999);
      assertEquals((plain + 173) % 1000, two.nuRand(255, 173, 0, 999));
    }
  }

  @Test
  void theRunsConstantForLastNamesKeepsItsDistanceFromTheLoads() {
    int load = NuRand.forLoad().lastName();
    Set<Integer> deltas = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      deltas.add(Math.abs(NuRand.forRun(TpccRandom.part(SEED, i)).lastName() - load));
    }
    assertTrue(deltas.stream().allMatch(d -> d >= 65 && d <= 119), deltas.toString());
    assertFalse(deltas.contains(96));
    assertFalse(deltas.contains(112));
    assertEquals(119 - 65 + 1 - 2, deltas.size(), "every allowed distance occurs");
  }

  @Test
  void everyHundredTransactionsHaveTheSharesOfTheMixExactly() {
    Mix mix = new Mix(random);
    for (int deck = 0; deck < 20; deck++) {
      int[] counts = new int[5];
      for (int i = 0; i < 100; i++) {
        counts[mix.next().ordinal()]++;
      }
      assertEquals("[45, 43, 4, 4, 4]", java.util.Arrays.toString(counts));
    }
  }

  @Test
  void oneInAHundredNewOrdersAsksForAnItemThatDoesNotExistAndOneInAHundredLinesComesFromAfar() {
    int wrong = 0;
    int lines = 0;
    int remote = 0;
    for (int i = 0; i < 50_000; i++) {
      NewOrder order = NewOrder.draw(new Seat(0, 3, 1, 5), random, Scale.FULL);
      int count = order.lines().size();
      assertTrue(count >= 5 && count <= 15);
      for (int at = 0; at < count; at++) {
        NewOrder.Line line = order.lines().get(at);
        lines++;
        remote += line.supplier() != 3 ? 1 : 0;
        if (line.item() > Scale.FULL.items()) {
          wrong++;
          assertEquals(count - 1, at, "only the last line is wrong");
        }
      }
    }
    assertTrue(Math.abs(wrong - 500) < 110, "wrong orders: " + wrong);
    assertTrue(
        Math.abs(remote - lines / 100) < lines / 1000, "remote lines: " + remote + " of " + lines);
  }

  @Test
  void fifteenPercentOfPaymentsAreRemoteAndSixtyPercentNameTheCustomer() {
    int remote = 0;
    int named = 0;
    for (int i = 0; i < 20_000; i++) {
      Payment payment = Payment.draw(new Seat(0, 2, 1, 4), random);
      remote += payment.customerWarehouse() != 2 ? 1 : 0;
      named += payment.choice() instanceof CustomerChoice.ByName ? 1 : 0;
    }
    assertTrue(Math.abs(remote - 3_000) < 300, "remote: " + remote);
    assertTrue(Math.abs(named - 12_000) < 400, "by name: " + named);
    assertEquals(
        1,
        Payment.draw(new Seat(0, 1, 1, 1), random).customerWarehouse(),
        "one warehouse has no neighbour");
  }

  @Test
  void thinkTimesHaveTheirMeanAndEndAtTenTimesIt() {
    Duration mean = Duration.ofSeconds(12);
    long total = 0;
    for (int i = 0; i < 50_000; i++) {
      Duration drawn = random.thinkTime(mean);
      assertTrue(drawn.compareTo(mean.multipliedBy(10)) <= 0);
      total += drawn.toMillis();
    }
    assertTrue(Math.abs(total / 50_000 - 12_000) < 300, "mean " + total / 50_000 + " ms");
  }

  @Test
  void aboutOneTextInTenHoldsTheWordOriginal() {
    int original = 0;
    for (int i = 0; i < 10_000; i++) {
      String text = random.dataMaybeOriginal();
      assertTrue(text.length() >= 26 && text.length() <= 50);
      original += text.contains("ORIGINAL") ? 1 : 0;
    }
    assertTrue(Math.abs(original - 1_000) < 150, "with ORIGINAL: " + original);
  }
}

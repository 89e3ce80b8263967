package dev.kittiwake.client.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.proto.key.Key;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Scans over many regions with own writes in between, in both directions. */
class ScanTest extends ClientTestBase {
  @Test
  void ownWritesAreMergedInBothDirections() {
    given("a=1", "b=1", "c=1", "d=1", "e=1");
    cluster.split(b("c"));
    Transaction transaction = pessimistic();
    transaction.put(b("aa"), b("own"));
    transaction.put(b("c"), b("own"));
    transaction.delete(b("b"));
    transaction.delete(b("e"));
    transaction.put(b("f"), b("own"));
    assertEquals(
        "a=1 aa=own c=own d=1 f=own", rest(transaction.scan(b(""), b(""), ScanOptions.FORWARD)));
    assertEquals(
        "f=own d=1 c=own aa=own a=1", rest(transaction.scan(b(""), b(""), ScanOptions.REVERSE)));
    assertEquals("c=own aa=own", rest(transaction.scan(b("aa"), b("d"), ScanOptions.REVERSE)));
    Scan scan = transaction.scan(b("a"), b("b"), ScanOptions.FORWARD);
    transaction.put(b("ab"), b("later"));
    assertEquals("a=1 aa=own", rest(scan), "writes after the scan was opened are not seen");
    assertEquals(
        "a= aa= ab=",
        rest(transaction.scan(b("a"), b("b"), ScanOptions.FORWARD.withKeyOnly(true))));
  }

  @Test
  void scansAgreeWithASortedMapOverRandomRegionsBatchesAndRanges() {
    long seed = Long.getLong("seed", 22); // the same in every build; others explore
    Random random = new Random(seed);
    NavigableMap<String, String> model = new TreeMap<>();
    Transaction filling = optimistic();
    for (int i = 0; i < 300; i++) {
      String key = "k" + random.nextInt(1_000);
      model.put(key, "v" + i);
      filling.put(b(key), b("v" + i));
    }
    filling.commit();
    for (int i = 0; i < 60; i++) {
      if (i % 3 == 0) {
        cluster.split(b("k" + random.nextInt(1_000)));
      }
      String low = "k" + random.nextInt(1_000);
      String high = random.nextInt(10) == 0 ? "" : "k" + random.nextInt(1_000);
      boolean reverse = random.nextBoolean();
      ScanOptions options =
          (reverse ? ScanOptions.REVERSE : ScanOptions.FORWARD)
              .withBatchSize(1 + random.nextInt(20))
              .withLimitHint(random.nextInt(5));
      NavigableMap<String, String> part =
          !high.isEmpty() && low.compareTo(high) >= 0
              ? new TreeMap<>()
              : high.isEmpty() ? model.tailMap(low, true) : model.subMap(low, true, high, false);
      StringBuilder expected = new StringBuilder();
      for (Map.Entry<String, String> pair : (reverse ? part.descendingMap() : part).entrySet()) {
        expected
            .append(expected.length() == 0 ? "" : " ")
            .append(pair.getKey())
            .append('=')
            .append(pair.getValue());
      }
      assertEquals(
          expected.toString(),
          rest(transactions.latestSnapshot().scan(b(low), b(high), options)),
          "-Dseed=" + seed + " round " + i);
    }
  }

  /** No user key lies in some of these regions: raw data made their bounds. */
  @Test
  void regionsWithBoundsOfRawDataAreWalkedOverInBothDirections() {
    given("a=1", "k=1", "z=1");
    for (String bound : new String[] {"many/1", "many/2", "raw/000", "raw/001", "raw/0012"}) {
      cluster.splitStored(Key.of(bound));
    }
    assertEquals(
        "a=1 k=1 z=1", rest(transactions.latestSnapshot().scan(b(""), b(""), ScanOptions.FORWARD)));
    assertEquals(
        "z=1 k=1 a=1", rest(transactions.latestSnapshot().scan(b(""), b(""), ScanOptions.REVERSE)));
  }
}

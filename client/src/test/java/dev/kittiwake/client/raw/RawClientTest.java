package dev.kittiwake.client.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.ClientTestBase;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.fake.FakeCluster;
import dev.kittiwake.proto.rpc.KvMethod;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Plain keys over several regions. */
class RawClientTest extends ClientTestBase {
  private final RawClient raw = client.raw();

  private void fill() {
    for (String key : List.of("a", "b", "c", "d", "e", "f")) {
      raw.put(b(key), b(key.toUpperCase()));
    }
    cluster.splitStored(k("c"));
    cluster.splitStored(k("e"));
  }

  private static String keys(List<RawPair> pairs) {
    return pairs.stream().map(pair -> s(pair.key())).collect(Collectors.joining());
  }

  @Test
  void putGetDelete() {
    assertNull(raw.get(b("a")));
    raw.put(b("a"), b(""));
    assertEquals("", s(raw.get(b("a"))), "an empty value is a value");
    raw.delete(b("a"));
    assertNull(raw.get(b("a")));
    raw.put(b(""), b("empty key"));
    assertEquals("empty key", s(raw.get(b(""))));
  }

  @Test
  void scansCrossRegionsInBothDirections() {
    fill();
    assertEquals("abcdef", keys(raw.scan(b(""), b(""), 100)));
    assertEquals("bcd", keys(raw.scan(b("b"), b("e"), 100)));
    assertEquals("bc", keys(raw.scan(b("b"), b("e"), 2)));
    assertEquals("fedcba", keys(raw.reverseScan(b(""), b(""), 100)));
    assertEquals("dcb", keys(raw.reverseScan(b("b"), b("e"), 100)));
    assertEquals("ed", keys(raw.reverseScan(b("b"), b("f"), 2)));
    assertEquals("", keys(raw.scan(b("x"), b("b"), 100)));
  }

  @Test
  void deleteRangeCrossesRegions() {
    fill();
    raw.deleteRange(b("b"), b("f"));
    assertEquals("af", keys(raw.scan(b(""), b(""), 100)));
    raw.deleteRange(b(""), b(""));
    assertEquals("", keys(raw.scan(b(""), b(""), 100)));
  }

  @Test
  void compareAndSwapTellsWhatItFound() {
    assertTrue(raw.compareAndSwap(b("a"), null, b("1")).swapped());
    SwapResult refused = raw.compareAndSwap(b("a"), null, b("2"));
    assertFalse(refused.swapped());
    assertEquals("1", s(refused.previous()));
    assertTrue(raw.compareAndSwap(b("a"), b("1"), null).swapped());
    assertNull(raw.get(b("a")));
  }

  @Test
  void aSwapWhoseAnswerIsLostIsNeverRepeated() {
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> after(
              long store, KvMethod<?, ?> method, Object request, CompletableFuture<?> answer) {
            return method == KvMethod.RAW_COMPARE_AND_SWAP ? FakeCluster.LOST : answer;
          }
        };
    assertThrows(UndeterminedException.class, () -> raw.compareAndSwap(b("a"), null, b("1")));
    assertEquals(1, cluster.count("RawCompareAndSwap"));
  }

  /** The first copy may still be on its way, and arrive after what others wrote meanwhile. */
  @Test
  void aRawWriteWhoseAnswerIsLostIsNeverRepeated() {
    cluster.fault =
        new FakeCluster.Fault() {
          @Override
          public CompletableFuture<?> after(
              long store, KvMethod<?, ?> method, Object request, CompletableFuture<?> answer) {
            return method == KvMethod.RAW_PUT || method == KvMethod.RAW_DELETE
                ? FakeCluster.LOST
                : answer;
          }
        };
    assertThrows(UndeterminedException.class, () -> raw.put(b("a"), b("1")));
    assertThrows(UndeterminedException.class, () -> raw.delete(b("b")));
    assertEquals(1, cluster.count("RawPut"));
    assertEquals(1, cluster.count("RawDelete"));
  }
}

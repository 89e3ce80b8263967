package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.kv.region.HashVerdict.Conclusion;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashVerdictTest {
  private static final Set<Long> THREE = Set.of(1L, 2L, 3L);

  private static HashVerdict of(Map<Long, Long> hashes, Set<Long> members) {
    return HashVerdict.of(7, 100, hashes, members);
  }

  @Test
  void whoeverAgreesIsWell() {
    assertEquals(Conclusion.SAME, of(Map.of(1L, 5L, 2L, 5L, 3L, 5L), THREE).conclusion());
    assertEquals(Conclusion.INCOMPLETE, of(Map.of(1L, 5L, 2L, 5L), THREE).conclusion());
    assertEquals(Conclusion.INCOMPLETE, of(Map.of(), THREE).conclusion());
  }

  @Test
  void whoDiffersFromTheMostIsDamaged() {
    HashVerdict verdict = of(Map.of(1L, 5L, 2L, 9L, 3L, 5L), THREE);
    assertEquals(Conclusion.DIVERGED, verdict.conclusion());
    assertEquals(Set.of(2L), verdict.damaged());
  }

  @Test
  void mostMeansMostOfAllNotOfThoseThatAnswered() {
    assertEquals(Conclusion.UNDECIDED, of(Map.of(1L, 5L, 2L, 9L), THREE).conclusion());
    assertEquals(Conclusion.UNDECIDED, of(Map.of(1L, 5L, 2L, 9L, 3L, 7L), THREE).conclusion());
    assertEquals(Conclusion.UNDECIDED, of(Map.of(1L, 5L, 2L, 9L), Set.of(1L, 2L)).conclusion());
    HashVerdict five = of(Map.of(1L, 5L, 2L, 5L, 3L, 5L, 4L, 6L), Set.of(1L, 2L, 3L, 4L, 5L));
    assertEquals(Set.of(4L), five.damaged());
  }
}

package dev.kittiwake.cli.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.cli.chaos.process.ClusterPages.Region;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TilingTest {
  private static Region region(long id, String start, String end) {
    return new Region(id, start, end, 1, 3, 3, false, false);
  }

  private static String wrong(Region... regions) {
    return Tiling.wrong(List.of(regions)).orElse("nothing");
  }

  @Test
  void regionsInAnyOrderTile() {
    assertEquals(
        Optional.empty(),
        Tiling.wrong(List.of(region(2, "6b", "7a"), region(1, "", "6b"), region(3, "7a", ""))));
  }

  @Test
  void holesAndOverlapsAndMissingEndsAreSeen() {
    assertEquals("there is no region", wrong());
    assertTrue(wrong(region(1, "", "6b"), region(2, "7a", "")).startsWith("region 2 begins"));
    assertTrue(wrong(region(1, "", "7a"), region(2, "6b", "")).startsWith("region 2 begins"));
    assertTrue(wrong(region(1, "", ""), region(2, "6b", "")).startsWith("region 2 begins"));
    assertTrue(wrong(region(1, "61", "")).startsWith("region 1 begins"));
    assertEquals("the last region ends at 7a", wrong(region(1, "", "7a")));
  }
}

package dev.kittiwake.simulation.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.region.RegionImage;
import dev.kittiwake.simulation.world.Options;
import org.junit.jupiter.api.Test;

/** Where nobody writes, nothing is written, however eagerly logs are cut. */
class QuietRegionTest {
  @Test
  void anEagerCutIsNotCutItself() {
    Options eager =
        Options.STANDARD
            .with(KvSetting.LOG_GC_THRESHOLD, "1")
            .with(KvSetting.LOG_GC_TICK, "300ms")
            .with(KvSetting.LOG_GC_RESERVE_TICKS, "1");
    try (Scenario cluster = Scenario.of(eager)) {
      cluster.put("k", "1");
      cluster.advance(10_000);
      long before = applied(cluster);
      cluster.advance(30_000);
      assertEquals(before, applied(cluster));
    }
  }

  private static long applied(Scenario cluster) {
    try (EngineSnapshot snapshot = cluster.disk(1).engine().snapshot()) {
      return RegionImage.all(snapshot).get(0).applied().index();
    }
  }
}

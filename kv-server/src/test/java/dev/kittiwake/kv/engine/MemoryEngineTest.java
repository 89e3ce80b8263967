package dev.kittiwake.kv.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryEngineTest extends EngineContract {
  @Override
  Engine open() {
    return new MemoryEngine();
  }

  /** A power cut takes a suffix of the writes since the last sync, never one from the middle. */
  @Test
  void aPowerCutKeepsAPrefixOfTheUnsyncedWrites() {
    boolean lostSome = false;
    boolean keptSome = false;
    for (int seed = 0; seed < 20; seed++) {
      MemoryEngine engine = new MemoryEngine(true);
      engine.write(new WriteBatch().put(Family.DEFAULT, b("synced"), b("1")));
      engine.syncLog();
      for (int i = 0; i < 5; i++) {
        engine.write(new WriteBatch().put(Family.DEFAULT, b("k" + i), b("1")));
      }
      engine.losePower(new Random(seed));
      assertNotNull(engine.get(Family.DEFAULT, b("synced")));
      int kept = 0;
      while (kept < 5 && engine.get(Family.DEFAULT, b("k" + kept)) != null) {
        kept++;
      }
      for (int i = kept; i < 5; i++) {
        assertNull(engine.get(Family.DEFAULT, b("k" + i)), "a gap in what survived");
      }
      lostSome |= kept < 5;
      keptSome |= kept > 0;
    }
    assertTrue(lostSome && keptSome);
  }

  @Test
  void aPowerCutTakesStagingAreasThatAreNotSealed() {
    MemoryEngine engine = new MemoryEngine(true);
    engine.stage("open");
    engine.stage("sealed").seal();
    engine.losePower(new Random(1));
    assertTrue(engine.staged("sealed").isPresent());
    assertEquals(true, engine.staged("open").isEmpty());
  }
}

package dev.kittiwake.kv.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksEngineTest extends EngineContract {
  private static BlockCache cache;

  @TempDir Path directory;

  @BeforeAll
  static void makeCache() {
    cache = new BlockCache(8 << 20);
  }

  @AfterAll
  static void closeCache() {
    cache.close();
  }

  @Override
  Engine open() {
    return RocksEngine.open(directory.resolve("db"), RocksSettings.tiny(), cache);
  }

  @Test
  void dataAndSealedStagingAreasSurviveAReopening() {
    Path other = directory.resolve("other");
    Engine first = RocksEngine.open(other, RocksSettings.tiny(), cache);
    first.write(new WriteBatch().put(Family.WRITE, b("k"), b("v")));
    StagedRange staged = first.stage("s");
    staged.add(Family.DEFAULT, b("p"), b("q"));
    staged.seal();
    first.close();
    Engine second = RocksEngine.open(other, RocksSettings.tiny(), cache);
    try {
      assertArrayEquals(b("v"), second.get(Family.WRITE, b("k")));
      second.ingest(second.staged("s").orElseThrow(), b("a"), b("z"));
      assertArrayEquals(b("q"), second.get(Family.DEFAULT, b("p")));
    } finally {
      second.close();
    }
  }

  /** Thousands of replicas may come to a new store: it must not stall on files that overlap. */
  @Test
  void ingestingIntoAnEmptyRangeFlushesNothingAndLeavesNoFilesToMerge() {
    RocksEngine engine = RocksEngine.open(directory.resolve("new"), RocksSettings.tiny(), cache);
    try {
      for (int region = 0; region < 3; region++) {
        engine.write(new WriteBatch().put(Family.RAFT, b("r" + region), b("record")));
        engine.ingest(stagedRegion(engine, region), b("z" + region), b("z" + (region + 1)));
        assertArrayEquals(b("v"), engine.get(Family.DEFAULT, b("z" + region + "k")));
        for (Family family : Family.OF_DATA) {
          assertEquals(0, engine.property(family, "rocksdb.num-files-at-level0"), family.label());
        }
        assertEquals(region + 1, engine.property(Family.DEFAULT, "rocksdb.num-files-at-level6"));
      }
    } finally {
      engine.close();
    }
  }

  private static StagedRange stagedRegion(Engine engine, int region) {
    StagedRange staged = engine.stage("region-" + region);
    staged.add(Family.DEFAULT, b("z" + region + "k"), b("v"));
    staged.add(Family.WRITE, b("z" + region + "k"), b("commit"));
    staged.seal();
    return staged;
  }

  /** A place whose data was deleted, and is not gone from the files yet. */
  @Test
  void ingestingWhereMuchWasDeletedBringsNothingBack() {
    RocksEngine engine = RocksEngine.open(directory.resolve("again"), RocksSettings.tiny(), cache);
    try {
      WriteBatch old = new WriteBatch();
      WriteBatch gone = new WriteBatch();
      for (int i = 0; i < 3_000; i++) {
        old.put(Family.DEFAULT, b("z1old" + i), b("old"));
        gone.delete(Family.DEFAULT, b("z1old" + i));
      }
      engine.write(old.put(Family.DEFAULT, b("z1zz"), b("old")));
      engine.write(gone);
      engine.ingest(stagedRegion(engine, 1), b("z1"), b("z2"));
      assertNull(engine.get(Family.DEFAULT, b("z1zz")));
      assertArrayEquals(b("v"), engine.get(Family.DEFAULT, b("z1k")));
    } finally {
      engine.close();
    }
  }

  /**
   * Whoever still holds a snapshot when the engine closes gets an error, not a crash of the JVM.
   */
  @Test
  void closingTheEngineInvalidatesWhatIsOpen() {
    Engine engine = RocksEngine.open(directory.resolve("third"), RocksSettings.tiny(), cache);
    engine.write(new WriteBatch().put(Family.DEFAULT, b("a"), b("1")));
    EngineSnapshot snapshot = engine.snapshot();
    EngineCursor cursor = snapshot.cursor(Family.DEFAULT, b("a"), b("b"));
    assertTrue(cursor.seekToFirst());
    engine.close();
    assertThrows(EngineException.class, () -> snapshot.get(Family.DEFAULT, b("a")));
    assertThrows(EngineException.class, () -> cursor.seekToFirst());
    assertThrows(EngineException.class, () -> engine.get(Family.DEFAULT, b("a")));
    cursor.close();
    snapshot.close();
    engine.close();
  }

  @Test
  void anUnusableDirectoryIsNamedInTheMessage() throws Exception {
    Path file = Files.createFile(directory.resolve("a-file"));
    EngineException refused =
        assertThrows(
            EngineException.class, () -> RocksEngine.open(file, RocksSettings.tiny(), cache));
    assertTrue(refused.getMessage().contains("a-file"), refused.getMessage());
  }
}

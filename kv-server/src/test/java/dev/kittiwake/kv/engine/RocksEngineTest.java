package dev.kittiwake.kv.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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

package dev.kittiwake.pd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.pd.replica.PdStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of the first members is part of a member's data. */
final class FoundersTest {
  private static final TreeMap<String, String> LIST =
      new TreeMap<>(Map.of("a", "127.0.0.1:1", "b", "127.0.0.1:2", "c", "127.0.0.1:3"));

  @TempDir Path dir;

  private PdConfig alone() {
    return PdConfig.inMemory()
        .withDataDir(dir)
        .withAdvertise("http://127.0.0.1:1")
        .withGroup("a", PdConfig.Group.ALONE);
  }

  private PdConfig withList() {
    return alone().withGroup("a", new PdConfig.Group(LIST, List.of()));
  }

  private String mark() throws IOException {
    return Files.readString(dir.resolve("KITTIWAKE"));
  }

  @Test
  void itIsKeptAndNeedNotBeSaidAgain() throws IOException {
    PdServer.launch(withList()).close();
    String written = mark();
    assertTrue(
        written.endsWith(" founder name a founders a=127.0.0.1:1,b=127.0.0.1:2,c=127.0.0.1:3\n"),
        written);
    PdServer.launch(alone()).close();
    assertEquals(written, mark());
  }

  @Test
  void dataThatDoesNotHaveItAsksForItOnce() throws IOException {
    long founding = Identity.founder("a", LIST, 77).founding();
    Files.writeString(
        dir.resolve("KITTIWAKE"),
        "pd member 1 format 2 incarnation 77 founding " + founding + " cluster 0 founder name a\n");
    String message =
        assertThrows(PdStorageException.class, () -> PdServer.launch(alone())).getMessage();
    assertTrue(message.contains(dir.toString()) && message.contains("--initial-cluster"), message);

    PdServer.launch(withList()).close();
    assertTrue(mark().contains(" format 3 ") && mark().contains("c=127.0.0.1:3"), mark());
    PdServer.launch(alone()).close();
  }

  @Test
  void anotherListHasNoEffect() throws IOException {
    PdServer.launch(alone()).close();
    String written = mark();
    PdServer.launch(withList()).close();
    assertEquals(written, mark());
  }
}

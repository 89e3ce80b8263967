package dev.kittiwake.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TemporaryClusterTest {
  @Test
  void theUrlHasAsManyStoresAsWereAskedForAndNothingIsLeftBehind() throws Exception {
    String prefix = "jdbc:kittiwake:file:";
    Path directory;
    try (TemporaryCluster cluster =
        TemporaryCluster.start(2, new PrintWriter(new StringWriter()))) {
      String url = cluster.url();
      assertTrue(url.startsWith(prefix), url);
      directory = Path.of(url.substring(prefix.length(), url.indexOf(';')));
      assertTrue(Files.isDirectory(directory.resolve("store-2")), url);
    }
    assertFalse(Files.exists(directory), "the data is temporary");
  }
}

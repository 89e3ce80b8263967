package dev.kittiwake.jdbc;

import dev.kittiwake.sql.MemoryDatabase;
import dev.kittiwake.sql.SessionSource;
import java.nio.file.Path;

/** {@code mem:} URLs of these tests: the engine over a store in memory. */
public final class MemoryEmbedded implements EmbeddedDatabase {
  @Override
  public SessionSource open(Path directory, int stores) {
    return new MemoryDatabase();
  }
}

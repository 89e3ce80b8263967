package dev.kittiwake.sql;

import dev.kittiwake.client.txn.MemoryTransactionClient;
import java.time.InstantSource;
import java.time.ZoneOffset;

/** The engine over a store in memory, for tests that need SQL but no cluster. */
public final class MemoryDatabase implements SessionSource {
  private final SqlEngine engine =
      new SqlEngine(
          new MemoryTransactionClient(),
          SqlConfig.DEFAULT,
          new SqlRuntime(
              InstantSource.system(),
              System::nanoTime,
              Runnable::run,
              millis -> {},
              ZoneOffset.UTC));

  @Override
  public SqlSession open(SessionOptions options) {
    return engine.open(options);
  }

  @Override
  public void close() {
    engine.close();
  }
}

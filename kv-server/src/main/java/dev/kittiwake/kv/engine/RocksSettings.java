package dev.kittiwake.kv.engine;

/**
 * How RocksDB is set up for one store.
 *
 * @param memtableBytes size of one memtable of the default and write families; lock and raft take a
 *     quarter
 * @param memtables how many memtables a family may hold before writes stall
 * @param backgroundJobs flushes and compactions at a time
 * @param baseLevelBytes target size of the first sorted level
 * @param maxOpenFiles open table files; -1 = no bound
 */
public record RocksSettings(
    long memtableBytes, int memtables, int backgroundJobs, long baseLevelBytes, int maxOpenFiles) {
  private static final long MIB = 1 << 20;

  public RocksSettings {
    if (memtableBytes < 64 << 10 || memtables < 2 || backgroundJobs < 2 || baseLevelBytes < MIB) {
      throw new IllegalArgumentException(
          "memtables of at least 64 KiB, at least two of them and two background jobs are needed");
    }
  }

  /** For a machine of {@code cores} cores that runs one or few stores. */
  public static RocksSettings small(int cores) {
    return new RocksSettings(32 * MIB, 3, Math.max(2, cores / 2), 256 * MIB, 4096);
  }

  /** For several stores in one JVM, and for tests. */
  public static RocksSettings tiny() {
    return new RocksSettings(8 * MIB, 3, 2, 64 * MIB, 512);
  }
}

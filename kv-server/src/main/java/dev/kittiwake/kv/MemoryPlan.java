package dev.kittiwake.kv;

/**
 * What a store may take of the machine's memory, by who takes it. The parts that are not bounded by
 * a setting are estimates of what their bounds allow at most.
 *
 * @param heapBytes of the JVM: requests, entries under way, locks
 * @param logCacheBytes part of the heap: entries of the raft log
 * @param blockCacheBytes of the engine, outside of the heap
 * @param memtableBytes of the engine, outside of the heap: all families, all memtables
 * @param bufferBytes of sockets and of the log writer, outside of the heap
 * @param machineBytes what the machine or container has
 */
record MemoryPlan(
    long heapBytes,
    long logCacheBytes,
    long blockCacheBytes,
    long memtableBytes,
    long bufferBytes,
    long machineBytes) {
  private static final int MEMTABLES = 3;
  private static final long MIB = 1 << 20;

  /** Two large families and two of a quarter. */
  private static final double FAMILIES = 2.5;

  static MemoryPlan of(KvConfig config, long heapBytes, long directBytes, long machineBytes) {
    long memtables = (long) (config.number(KvSetting.MEMTABLE) * FAMILIES * MEMTABLES);
    return new MemoryPlan(
        heapBytes,
        config.number(KvSetting.WAL_CACHE),
        config.number(KvSetting.BLOCK_CACHE),
        memtables,
        directBytes,
        machineBytes);
  }

  long totalBytes() {
    return heapBytes + blockCacheBytes + memtableBytes + bufferBytes;
  }

  /** Whether it fits beside the operating system. */
  boolean fits() {
    return totalBytes() <= machineBytes;
  }

  /** One line for the log. */
  String line() {
    return "heap="
        + heapBytes / MIB
        + "MiB (log cache "
        + logCacheBytes / MIB
        + "MiB) block_cache="
        + blockCacheBytes / MIB
        + "MiB memtables<="
        + memtableBytes / MIB
        + "MiB buffers<="
        + bufferBytes / MIB
        + "MiB total<="
        + totalBytes() / MIB
        + "MiB of "
        + machineBytes / MIB
        + "MiB";
  }
}

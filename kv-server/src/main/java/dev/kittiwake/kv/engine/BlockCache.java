package dev.kittiwake.kv.engine;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;

/**
 * RocksDB's cache of uncompressed blocks, to be shared by all stores of a JVM; closed after them.
 */
public final class BlockCache implements AutoCloseable {
  private final Cache cache;

  public BlockCache(long bytes) {
    RocksDB.loadLibrary();
    cache = new LRUCache(bytes);
  }

  Cache cache() {
    return cache;
  }

  /** The bytes in use. */
  public long usageBytes() {
    return cache.getUsage();
  }

  @Override
  public void close() {
    cache.close();
  }
}

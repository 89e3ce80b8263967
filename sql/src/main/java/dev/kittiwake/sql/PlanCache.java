package dev.kittiwake.sql;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Compiled statements by text and schema name; an entry made for another version of the schema does
 * not count. Thread-safe.
 */
final class PlanCache {
  private record Key(String sql, String schema) {}

  private static final int LONGEST_TEXT = 64 * 1024; // characters; longer ones are not kept

  private final Cache<Key, Prepared> entries;

  PlanCache(int size, java.util.concurrent.Executor executor) {
    this.entries = Caffeine.newBuilder().maximumSize(size).executor(executor).build();
  }

  /** The statement planned for schema {@code version}, or null. */
  Prepared find(String sql, String schema, long version) {
    Prepared found = entries.getIfPresent(new Key(sql, schema));
    return found != null && found.catalog.version() == version ? found : null;
  }

  void put(String sql, String schema, Prepared prepared) {
    if (sql.length() <= LONGEST_TEXT) {
      entries.put(new Key(sql, schema), prepared);
    }
  }
}

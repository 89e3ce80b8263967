package dev.kittiwake.jdbc;

import dev.kittiwake.sql.SessionSource;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sources of sessions that connections of this JVM share: one embedded database for each name or
 * directory, one engine for each list of PDs, one set of channels for each list of SQL services. A
 * source lives from its first connection to its last. Thread-safe: opening one does not hold up
 * connections to another.
 */
final class SharedSources {
  interface Opener {
    SessionSource open() throws SQLException;
  }

  /** One use of a source. Closing it twice is harmless. */
  final class Lease implements AutoCloseable {
    private final Shared shared;
    private boolean closed; // guarded by shared.lock

    private Lease(Shared shared) {
      this.shared = shared;
    }

    SessionSource source() {
      return shared.source;
    }

    @Override
    public void close() {
      shared.lock.lock();
      try {
        if (!closed) {
          closed = true;
          release(shared);
        }
      } finally {
        shared.lock.unlock();
      }
    }
  }

  private static final class Shared {
    private final String key;
    private final ReentrantLock lock = new ReentrantLock();
    private SessionSource source; // guarded by lock; null until opened
    private int leases; // guarded by lock
    private boolean kept; // guarded by lock; once set it stays
    private boolean gone; // guarded by lock; then it is no longer in the map

    Shared(String key) {
      this.key = key;
    }
  }

  private final Map<String, Shared> byKey = new HashMap<>(); // guarded by this

  /** Opens the source, or joins the open one. */
  Lease acquire(String key, boolean keep, Opener opener) throws SQLException {
    while (true) {
      Shared shared = entry(key);
      shared.lock.lock();
      try {
        if (shared.gone) {
          continue; // closed between the look-up and the lock: take a new entry
        }
        if (shared.source == null) {
          open(shared, opener);
        }
        shared.leases++;
        shared.kept |= keep;
        return new Lease(shared);
      } finally {
        shared.lock.unlock();
      }
    }
  }

  private void open(Shared shared, Opener opener) throws SQLException {
    boolean opened = false;
    try {
      shared.source = opener.open();
      opened = true;
    } finally {
      if (!opened) {
        forget(shared);
      }
    }
  }

  private void release(Shared shared) {
    shared.leases--;
    if (shared.leases > 0 || shared.kept) {
      return;
    }
    try {
      shared.source.close();
    } finally {
      forget(shared); // after closing: a new opener of the same directory must wait for it
    }
  }

  private synchronized Shared entry(String key) {
    return byKey.computeIfAbsent(key, Shared::new);
  }

  private synchronized void forget(Shared shared) {
    shared.gone = true;
    byKey.remove(shared.key, shared);
  }

  /** Sources that are open now. */
  synchronized int size() {
    return byKey.size();
  }
}

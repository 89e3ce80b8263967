package dev.kittiwake.kv.engine;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;

/** A snapshot of RocksDB. Released once: by its holder or when the engine closes. */
final class RocksSnapshot implements EngineSnapshot {
  private final RocksEngine engine;
  private final Snapshot snapshot;
  private final ReadOptions reads;

  RocksSnapshot(RocksEngine engine) {
    this.engine = engine;
    this.snapshot = engine.db().getSnapshot();
    this.reads = new ReadOptions().setSnapshot(snapshot);
  }

  @Override
  public byte[] get(Family family, byte[] key) {
    int stripe = engine.gate().enter();
    try {
      return engine.db().get(engine.handle(family), reads, key);
    } catch (RocksDBException failed) {
      throw engine.failure("read", failed);
    } finally {
      engine.gate().leave(stripe);
    }
  }

  @Override
  public EngineCursor cursor(Family family, byte[] from, byte[] toExclusive) {
    int stripe = engine.gate().enter();
    try {
      RocksCursor cursor = new RocksCursor(engine, family, snapshot, from, toExclusive);
      engine.opened(cursor);
      return cursor;
    } finally {
      engine.gate().leave(stripe);
    }
  }

  @Override
  public void close() {
    int stripe;
    try {
      stripe = engine.gate().enter();
    } catch (EngineException engineIsClosed) {
      return; // the engine has released this snapshot itself
    }
    try {
      release();
    } finally {
      engine.gate().leave(stripe);
    }
  }

  void release() {
    if (engine.closed(this)) {
      reads.close();
      engine.db().releaseSnapshot(snapshot);
    }
  }
}

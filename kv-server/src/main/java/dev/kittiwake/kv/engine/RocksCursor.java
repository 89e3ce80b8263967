package dev.kittiwake.kv.engine;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** A cursor of RocksDB with bounds, so that it never walks over a neighbour's deleted keys. */
final class RocksCursor implements EngineCursor {
  private final RocksEngine engine;
  private final Slice lower;
  private final Slice upper; // null = no upper bound
  private final ReadOptions reads;
  private final RocksIterator iterator;
  private boolean valid;

  RocksCursor(RocksEngine engine, Family family, Snapshot snapshot, byte[] from, byte[] to) {
    this.engine = engine;
    this.lower = new Slice(from);
    this.upper = to.length == 0 ? null : new Slice(to);
    this.reads = new ReadOptions().setSnapshot(snapshot).setIterateLowerBound(lower);
    if (upper != null) {
      reads.setIterateUpperBound(upper);
    }
    this.iterator = engine.db().newIterator(engine.handle(family), reads);
  }

  @Override
  public boolean seek(byte[] key) {
    return move(() -> iterator.seek(key));
  }

  @Override
  public boolean seekForPrev(byte[] key) {
    return move(() -> iterator.seekForPrev(key));
  }

  @Override
  public boolean seekToFirst() {
    return move(iterator::seekToFirst);
  }

  @Override
  public boolean seekToLast() {
    return move(iterator::seekToLast);
  }

  @Override
  public boolean next() {
    requireValid();
    return move(iterator::next);
  }

  @Override
  public boolean prev() {
    requireValid();
    return move(iterator::prev);
  }

  @Override
  public boolean valid() {
    return valid;
  }

  @Override
  public byte[] key() {
    requireValid();
    int stripe = engine.gate().enter();
    try {
      return iterator.key();
    } finally {
      engine.gate().leave(stripe);
    }
  }

  @Override
  public byte[] value() {
    requireValid();
    int stripe = engine.gate().enter();
    try {
      return iterator.value();
    } finally {
      engine.gate().leave(stripe);
    }
  }

  private boolean move(Runnable step) {
    int stripe = engine.gate().enter();
    try {
      if (!iterator.isOwningHandle()) {
        throw new IllegalStateException("the cursor is closed");
      }
      step.run();
      valid = iterator.isValid();
      if (!valid) {
        iterator.status(); // "no more pairs" and "the disk failed" look alike without this
      }
      return valid;
    } catch (RocksDBException failed) {
      valid = false;
      throw engine.failure("walk through", failed);
    } finally {
      engine.gate().leave(stripe);
    }
  }

  private void requireValid() {
    if (!valid) {
      throw new IllegalStateException("the cursor stands on no pair");
    }
  }

  @Override
  public void close() {
    int stripe;
    try {
      stripe = engine.gate().enter();
    } catch (EngineException engineIsClosed) {
      return; // the engine has released this cursor itself
    }
    try {
      release();
    } finally {
      engine.gate().leave(stripe);
    }
  }

  void release() {
    if (engine.closed(this)) {
      valid = false;
      iterator.close();
      reads.close();
      lower.close();
      if (upper != null) {
        upper.close();
      }
    }
  }
}

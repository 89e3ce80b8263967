package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.EngineCursor;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.util.Arrays;

/**
 * One region's data at one moment, by stored key. Thread-safe; its cursors are not. To be closed by
 * whoever received it.
 */
public final class RegionSnapshot implements AutoCloseable {
  private final EngineSnapshot engine;
  private final RegionView view;

  RegionSnapshot(EngineSnapshot engine, RegionView view) {
    this.engine = engine;
    this.view = view;
  }

  /** The region as it is in this snapshot. */
  public RegionView view() {
    return view;
  }

  /** The value of {@code storedKey}, or null. The key must lie in the region. */
  public byte[] get(Family family, Key storedKey) {
    return engine.get(family, EngineKeys.data(storedKey));
  }

  /**
   * A cursor over the part of {@code storedKeys} that lies in the region; its keys are stored keys.
   * It stands nowhere until the first seek and must be closed before the snapshot.
   */
  public EngineCursor cursor(Family family, KeyRange storedKeys) {
    KeyRange range = storedKeys.intersection(view.range());
    byte[] from = EngineKeys.dataStart(range);
    byte[] to = range.isEmpty() ? from : EngineKeys.dataEnd(range);
    return new DataCursor(engine.cursor(family, from, to));
  }

  @Override
  public void close() {
    engine.close();
  }

  /** Hides the prefix of engine keys. */
  private record DataCursor(EngineCursor cursor) implements EngineCursor {
    @Override
    public boolean seek(byte[] key) {
      return cursor.seek(EngineKeys.data(key));
    }

    @Override
    public boolean seekForPrev(byte[] key) {
      return cursor.seekForPrev(EngineKeys.data(key));
    }

    @Override
    public boolean seekToFirst() {
      return cursor.seekToFirst();
    }

    @Override
    public boolean seekToLast() {
      return cursor.seekToLast();
    }

    @Override
    public boolean next() {
      return cursor.next();
    }

    @Override
    public boolean prev() {
      return cursor.prev();
    }

    @Override
    public boolean valid() {
      return cursor.valid();
    }

    @Override
    public byte[] key() {
      byte[] key = cursor.key();
      return Arrays.copyOfRange(key, 1, key.length);
    }

    @Override
    public byte[] value() {
      return cursor.value();
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}

package dev.kittiwake.kv.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Range;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SizeApproximationFlag;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WriteOptions;

/**
 * An engine on RocksDB. Its write-ahead log is on, so that a killed process loses nothing, but it
 * is not synced per write. Closing waits for calls under way and frees snapshots and cursors that
 * are still open; they throw {@link EngineException} afterwards.
 */
public final class RocksEngine implements Engine {
  /** Deleted keys that are passed over before it is given up to find one that is not. */
  private static final int MOST_SKIPPED = 1_000;

  private final Gate gate = new Gate();
  private final Path staging;
  private final RocksOptions options;
  private final RocksDB db;
  private final ColumnFamilyHandle[] handles;
  private final WriteOptions unsynced;
  private final ReadOptions newest;
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private final RocksEvents events;
  private final CompletableFuture<EngineException> failed;

  private RocksEngine(
      Path directory,
      RocksOptions options,
      RocksDB db,
      List<ColumnFamilyHandle> handles,
      RocksEvents events,
      CompletableFuture<EngineException> failed) {
    this.events = events;
    this.failed = failed;
    this.staging = directory.resolve("staging");
    this.options = options;
    this.db = db;
    this.handles = handles.toArray(new ColumnFamilyHandle[0]);
    this.unsynced = new WriteOptions().setSync(false);
    this.newest = new ReadOptions();
  }

  /**
   * Opens or makes the database in {@code directory}.
   *
   * @throws EngineException if the directory cannot be used, is in use, or is not ours
   */
  public static RocksEngine open(Path directory, RocksSettings settings, BlockCache cache) {
    RocksDB.loadLibrary();
    RocksOptions options = new RocksOptions(settings, cache.cache());
    CompletableFuture<EngineException> failed = new CompletableFuture<>();
    RocksEvents events = new RocksEvents(failed::complete);
    options.db().setListeners(List.of(events));
    List<ColumnFamilyDescriptor> families = new ArrayList<>();
    for (Family family : Family.values()) {
      families.add(options.descriptor(family));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      RocksDB db = RocksDB.open(options.db(), directory.toString(), families, handles);
      RocksEngine engine = new RocksEngine(directory, options, db, handles, events, failed);
      engine.checkFamilyIds();
      return engine;
    } catch (RocksDBException unusable) {
      options.close();
      events.close();
      throw new EngineException(
          "cannot open the database in " + directory + ": " + unusable.getMessage(), unusable);
    }
  }

  /** Batches carry the ids of families; RocksDB gives them in the order of creation. */
  private void checkFamilyIds() {
    for (Family family : Family.values()) {
      if (handles[family.id()].getID() != family.id()) {
        close();
        throw new EngineException(
            "the database was not made by Kittiwake: family "
                + family.label()
                + " has another id than "
                + family.id());
      }
    }
  }

  @Override
  public CompletableFuture<EngineException> failed() {
    return failed.copy();
  }

  @Override
  public byte[] get(Family family, byte[] key) {
    int stripe = gate.enter();
    try {
      return db.get(handles[family.id()], newest, key);
    } catch (RocksDBException failed) {
      throw failure("read", failed);
    } finally {
      gate.leave(stripe);
    }
  }

  @Override
  public EngineSnapshot snapshot() {
    int stripe = gate.enter();
    try {
      RocksSnapshot snapshot = new RocksSnapshot(this);
      open.add(snapshot);
      return snapshot;
    } finally {
      gate.leave(stripe);
    }
  }

  @Override
  public void write(WriteBatch batch) {
    if (batch.isEmpty()) {
      return;
    }
    int stripe = gate.enter();
    try (org.rocksdb.WriteBatch rocks = new org.rocksdb.WriteBatch(batch.toRocks())) {
      db.write(unsynced, rocks);
    } catch (RocksDBException failed) {
      throw failure("write", failed);
    } finally {
      gate.leave(stripe);
    }
  }

  @Override
  public void syncLog() {
    int stripe = gate.enter();
    try {
      db.flushWal(true);
    } catch (RocksDBException failed) {
      throw failure("sync", failed);
    } finally {
      gate.leave(stripe);
    }
  }

  @Override
  public long approximateSize(Family family, byte[] from, byte[] to) {
    int stripe = gate.enter();
    try (Slice start = new Slice(from);
        Slice end = new Slice(to.length == 0 ? new byte[] {(byte) 0xFF, (byte) 0xFF} : to)) {
      return db.getApproximateSizes(
              handles[family.id()],
              List.of(new Range(start, end)),
              SizeApproximationFlag.INCLUDE_FILES,
              SizeApproximationFlag.INCLUDE_MEMTABLES)[0];
    } finally {
      gate.leave(stripe);
    }
  }

  @Override
  public double pressure() {
    double highest = 0;
    for (Family family : Family.values()) {
      double memtables =
          (double) property(family, "rocksdb.num-immutable-mem-table")
              / (options.settings().memtables() - 1);
      double files =
          (double) property(family, "rocksdb.num-files-at-level0") / RocksOptions.STOP_FILES;
      double pending =
          (double) property(family, "rocksdb.estimate-pending-compaction-bytes")
              / RocksOptions.PENDING_BYTES;
      highest = Math.max(highest, Math.max(memtables, Math.max(files, pending)));
    }
    return highest;
  }

  @Override
  public void compact(Family family, byte[] from, byte[] to) {
    int stripe = gate.enter();
    try (CompactRangeOptions options =
        new CompactRangeOptions()
            .setExclusiveManualCompaction(false)
            // Tombstones in the last level would keep what they deleted.
            .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized)) {
      db.compactRange(handles[family.id()], from, to, options);
    } catch (RocksDBException failed) {
      throw failure("compact", failed);
    } finally {
      gate.leave(stripe);
    }
  }

  @Override
  public StagedRange stage(String name) {
    return RocksStagedRange.start(staging.resolve(name), options);
  }

  @Override
  public Optional<StagedRange> staged(String name) {
    return RocksStagedRange.sealed(staging.resolve(name), options).map(range -> range);
  }

  @Override
  public void discardStaged(Set<String> keep) {
    RocksStagedRange.discardAll(staging, keep);
  }

  @Override
  public void ingest(StagedRange sealed, byte[] from, byte[] to) {
    RocksStagedRange range = (RocksStagedRange) sealed;
    WriteBatch clear = new WriteBatch();
    for (Family family : Family.OF_DATA) {
      // A deletion in memory would have to be flushed before the files come, each time, and the
      // files would lie above it: a store that is being filled has nothing to delete.
      if (mayHold(family, from, to)) {
        clear.deleteRange(family, from, to);
      }
    }
    write(clear);
    int stripe = gate.enter();
    // The files stay until the caller discards them: ingesting must be repeatable after a crash.
    try (IngestExternalFileOptions ingestion =
        new IngestExternalFileOptions().setMoveFiles(false).setSnapshotConsistency(true)) {
      for (Family family : Family.OF_DATA) {
        Optional<Path> file = range.file(family);
        if (file.isPresent()) {
          db.ingestExternalFile(handles[family.id()], List.of(file.get().toString()), ingestion);
        }
      }
      db.flushWal(true);
    } catch (RocksDBException failed) {
      throw failure("ingest files into", failed);
    } finally {
      gate.leave(stripe);
    }
  }

  /** Whether there is a pair in the range; also true if finding out would take long. */
  private boolean mayHold(Family family, byte[] from, byte[] to) {
    int stripe = gate.enter();
    try (Slice end = new Slice(to);
        ReadOptions bounded =
            new ReadOptions()
                .setIterateUpperBound(end)
                .setFillCache(false)
                .setMaxSkippableInternalKeys(MOST_SKIPPED);
        RocksIterator pairs = db.newIterator(handles[family.id()], bounded)) {
      pairs.seek(from);
      if (pairs.isValid()) {
        return true;
      }
      pairs.status();
      return false;
    } catch (RocksDBException failed) {
      if (failed.getStatus() != null && failed.getStatus().getCode() == Status.Code.Incomplete) {
        return true;
      }
      throw failure("look into", failed);
    } finally {
      gate.leave(stripe);
    }
  }

  /** A counter or gauge of RocksDB by its name, for metrics; 0 if unknown or no number. */
  public long property(Family family, String name) {
    int stripe = gate.enter();
    try {
      // As text: RocksDB gives some numbers, files of a level among them, in no other way.
      return Long.parseLong(db.getProperty(handles[family.id()], name));
    } catch (RocksDBException | NumberFormatException unknown) {
      return 0;
    } finally {
      gate.leave(stripe);
    }
  }

  @Override
  public void close() {
    if (!gate.close()) {
      return;
    }
    // Cursors first: a snapshot must outlive them. Both know that the gate is closed.
    for (AutoCloseable resource : new HashSet<>(open)) {
      if (resource instanceof RocksCursor cursor) {
        cursor.release();
      }
    }
    for (AutoCloseable resource : new HashSet<>(open)) {
      if (resource instanceof RocksSnapshot snapshot) {
        snapshot.release();
      }
    }
    for (ColumnFamilyHandle handle : handles) {
      handle.close();
    }
    db.close();
    unsynced.close();
    newest.close();
    options.close();
    events.close();
  }

  Gate gate() {
    return gate;
  }

  RocksDB db() {
    return db;
  }

  ColumnFamilyHandle handle(Family family) {
    return handles[family.id()];
  }

  void opened(AutoCloseable resource) {
    open.add(resource);
  }

  /** Answers whether {@code resource} was open until now: it is released only once. */
  boolean closed(AutoCloseable resource) {
    return open.remove(resource);
  }

  /** The error for the caller; a fault of disk or data is told to the store, too. */
  EngineException failure(String what, RocksDBException cause) {
    EngineException failure =
        new EngineException("cannot " + what + " the database: " + cause.getMessage(), cause);
    Status.Code code = cause.getStatus() == null ? null : cause.getStatus().getCode();
    if (code == Status.Code.IOError || code == Status.Code.Corruption) {
      failed.complete(failure);
    }
    return failure;
  }
}

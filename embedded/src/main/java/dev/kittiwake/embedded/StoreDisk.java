package dev.kittiwake.embedded;

import dev.kittiwake.kv.DiskSpace;
import dev.kittiwake.kv.engine.BlockCache;
import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.kv.engine.MemoryWalDirectory;
import dev.kittiwake.kv.engine.RocksEngine;
import dev.kittiwake.kv.engine.RocksSettings;
import dev.kittiwake.raft.wal.FileWalDirectory;
import dev.kittiwake.raft.wal.WalConfig;
import dev.kittiwake.raft.wal.WalDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a store keeps its data and its log: outlives stops and kills of the store. */
interface StoreDisk {
  Engine openEngine() throws IOException;

  /** Called when the store has stopped using the engine. */
  void closeEngine(Engine engine);

  WalDirectory openLog() throws IOException;

  WalConfig logConfig();

  long capacityBytes();

  long availableBytes();

  long usedBytes();

  /** In memory: survives a kill of the store, not the end of the cluster. */
  final class Memory implements StoreDisk {
    private static final WalConfig LOG = new WalConfig(1 << 20, 64, 2, 8 << 20, 1 << 20);

    private final MemoryEngine engine = new MemoryEngine();
    private final MemoryWalDirectory log = new MemoryWalDirectory();

    @Override
    public Engine openEngine() {
      return engine;
    }

    @Override
    public void closeEngine(Engine ignored) {
      // the data stays where it is
    }

    @Override
    public WalDirectory openLog() {
      return log;
    }

    @Override
    public WalConfig logConfig() {
      return LOG;
    }

    @Override
    public long capacityBytes() {
      return Runtime.getRuntime().maxMemory();
    }

    @Override
    public long availableBytes() {
      return Runtime.getRuntime().maxMemory() - usedBytes();
    }

    @Override
    public long usedBytes() {
      return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
  }

  /** RocksDB and log files in a directory. */
  final class OnDisk implements StoreDisk {
    private final Path directory;
    private final BlockCache cache;
    private final WalConfig log;

    OnDisk(Path directory, BlockCache cache, WalConfig log) {
      this.directory = directory;
      this.cache = cache;
      this.log = log;
    }

    @Override
    public Engine openEngine() throws IOException {
      Path data = directory.resolve("engine");
      Files.createDirectories(data);
      return RocksEngine.open(
          data, RocksSettings.small(Runtime.getRuntime().availableProcessors()), cache);
    }

    @Override
    public void closeEngine(Engine engine) {
      engine.close();
    }

    @Override
    public WalDirectory openLog() throws IOException {
      return new FileWalDirectory(directory.resolve("log"));
    }

    @Override
    public WalConfig logConfig() {
      return log;
    }

    @Override
    public long capacityBytes() {
      return space().capacity();
    }

    @Override
    public long availableBytes() {
      return space().available();
    }

    @Override
    public long usedBytes() {
      DiskSpace disk = space();
      return disk.capacity() - disk.available();
    }

    private DiskSpace space() {
      try {
        return DiskSpace.of(directory);
      } catch (IOException e) {
        return new DiskSpace(0, 0); // unknown; the next report has it
      }
    }
  }
}

package dev.kittiwake.kv.engine;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.EnvOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.WALRecoveryMode;

/**
 * The options of one RocksDB and of the table files made for it, and what must be closed with them.
 */
final class RocksOptions implements AutoCloseable {
  /** So many files of level 0 make RocksDB slow down writers. */
  static final int SLOWDOWN_FILES = 20;

  /** With so many files in level 0 RocksDB takes no writes at all. */
  static final int STOP_FILES = 36;

  /** So many bytes that wait to be compacted do, too. */
  static final long PENDING_BYTES = 64L << 30;

  private static final long KIB = 1 << 10;
  private static final List<CompressionType> COMPRESSED =
      List.of(
          CompressionType.NO_COMPRESSION,
          CompressionType.NO_COMPRESSION,
          CompressionType.LZ4_COMPRESSION,
          CompressionType.LZ4_COMPRESSION,
          CompressionType.LZ4_COMPRESSION,
          CompressionType.ZSTD_COMPRESSION,
          CompressionType.ZSTD_COMPRESSION);

  private final RocksSettings settings;
  private final Cache cache;
  private final BloomFilter bloom = new BloomFilter(10, false);
  private final DBOptions db;
  private final EnvOptions environment = new EnvOptions();
  private final Map<Family, ColumnFamilyOptions> families = new EnumMap<>(Family.class);

  RocksOptions(RocksSettings settings, Cache cache) {
    this.settings = settings;
    this.cache = cache;
    this.db =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setMaxBackgroundJobs(settings.backgroundJobs())
            .setMaxOpenFiles(settings.maxOpenFiles())
            // After a power cut: everything up to the first damaged record, nothing behind it.
            .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
            .setMaxTotalWalSize(4 * settings.memtableBytes())
            .setBytesPerSync(1 << 20)
            .setWalBytesPerSync(512 * KIB)
            .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
            .setMaxLogFileSize(16 << 20)
            .setKeepLogFileNum(4)
            .setParanoidChecks(true)
            // Opening must work on a full disk: what the log holds stays there until a flush fits.
            .setAvoidFlushDuringRecovery(true);
    for (Family family : Family.values()) {
      families.put(family, familyOptions(family));
    }
  }

  private ColumnFamilyOptions familyOptions(Family family) {
    boolean bulk = family == Family.DEFAULT || family == Family.WRITE;
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(bulk ? 32 * KIB : 16 * KIB)
            .setFilterPolicy(bloom)
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setFormatVersion(5);
    ColumnFamilyOptions options =
        new ColumnFamilyOptions()
            .setTableFormatConfig(table)
            .setWriteBufferSize(bulk ? settings.memtableBytes() : settings.memtableBytes() / 4)
            .setMaxWriteBufferNumber(settings.memtables())
            .setMaxBytesForLevelBase(
                bulk ? settings.baseLevelBytes() : settings.baseLevelBytes() / 4)
            .setLevelCompactionDynamicLevelBytes(true)
            .setLevel0FileNumCompactionTrigger(bulk ? 4 : 1)
            .setLevel0SlowdownWritesTrigger(SLOWDOWN_FILES)
            .setSoftPendingCompactionBytesLimit(PENDING_BYTES)
            .setLevel0StopWritesTrigger(STOP_FILES);
    if (bulk) {
      options.setCompressionPerLevel(COMPRESSED);
    } else {
      options.setCompressionType(CompressionType.NO_COMPRESSION);
    }
    return options;
  }

  RocksSettings settings() {
    return settings;
  }

  DBOptions db() {
    return db;
  }

  EnvOptions environment() {
    return environment;
  }

  ColumnFamilyDescriptor descriptor(Family family) {
    String name = family.label();
    return new ColumnFamilyDescriptor(
        name.getBytes(java.nio.charset.StandardCharsets.US_ASCII), families.get(family));
  }

  /** Options for writing a table file of {@code family}; the caller closes them. */
  Options tableOptions(Family family) {
    return new Options(db, families.get(family));
  }

  @Override
  public void close() {
    families.values().forEach(ColumnFamilyOptions::close);
    environment.close();
    db.close();
    bloom.close();
  }
}

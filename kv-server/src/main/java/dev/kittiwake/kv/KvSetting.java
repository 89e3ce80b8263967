package dev.kittiwake.kv;

import java.util.Locale;

/**
 * Every setting of a store: its name in a configuration file, its unit, its default, its value in
 * the fast test profile, and its limits. Durations are written like {@code 10s}, sizes like {@code
 * 8MiB}.
 */
public enum KvSetting {
  LISTEN(
      Kind.TEXT,
      "127.0.0.1:20160",
      "127.0.0.1:0",
      "address that clients and stores connect to; port 0 = any free one"),
  ADVERTISE(Kind.TEXT, "", "", "address told to others; empty = the one listened to"),
  STATUS(
      Kind.TEXT, "127.0.0.1:20180", "127.0.0.1:0", "address of metrics and health; empty = none"),
  DATA(Kind.TEXT, "", "", "data directory; empty = everything in memory, gone at exit"),
  LABELS(Kind.TEXT, "", "", "where the store stands, e.g. zone=a,host=h1"),
  RAFT_TICK(Kind.DURATION, "100ms", "50ms", 1, Kind.HOUR, "unit of raft's time"),
  RAFT_HEARTBEAT_TICKS(Kind.COUNT, "2", "2", 1, 1000, "ticks between heartbeats"),
  RAFT_ELECTION_TICKS(
      Kind.COUNT, "15", "10", 3, 10_000, "ticks without a leader before an election"),
  LEADER_LEASE(
      Kind.DURATION,
      "1200ms",
      "400ms",
      0,
      Kind.HOUR,
      "how long a leader reads without asking; below the election timeout less one tick"),
  SLOW_SYNC(
      Kind.DURATION,
      "2s",
      "500ms",
      1,
      Kind.HOUR,
      "a leader whose log write takes longer loses its lease"),
  RAFT_ENTRY_MAX_SIZE(Kind.SIZE, "8MiB", "8MiB", 1 << 10, 256L << 20, "largest write"),
  RAFT_BATCH_SIZE(
      Kind.SIZE,
      "1MiB",
      "1MiB",
      1 << 10,
      64L << 20,
      "writes are combined into entries of this size"),
  LOG_GC_TICK(
      Kind.DURATION, "3s", "50ms", 1, Kind.HOUR, "how often a leader looks whether to cut its log"),
  LOG_GC_THRESHOLD(Kind.COUNT, "50", "50", 1, 1L << 30, "fewer entries are not worth a cut"),
  LOG_GC_COUNT_LIMIT(
      Kind.COUNT,
      "196608",
      "1000",
      10,
      1L << 30,
      "beyond so many entries, who lags gets a snapshot"),
  LOG_GC_RESERVE_TICKS(
      Kind.COUNT, "6", "6", 1, 100_000, "looks after which a small cut is made all the same"),
  REGION_HEARTBEAT(
      Kind.DURATION,
      "60s",
      "100ms",
      1,
      Kind.HOUR,
      "how often leaders report to the placement driver"),
  DISK_LOW(
      Kind.SIZE,
      "1GiB",
      "0",
      0,
      1L << 44,
      "with less free room only reads and deletes are taken; at most 5% of the disk; 0 = never"),
  SPACE_RESERVE(
      Kind.SIZE,
      "256MiB",
      "0",
      0,
      1L << 40,
      "room kept by a file for a full disk; at most 1% of the disk; 0 = none"),
  HEALTH_CHECK(
      Kind.DURATION,
      "500ms",
      "100ms",
      1,
      Kind.HOUR,
      "how often the room on the disk and the engine's pressure are looked at"),
  GC_POLL(
      Kind.DURATION,
      "10s",
      "200ms",
      1,
      Kind.HOUR,
      "how often the store asks up to where to collect garbage"),
  GC_RATE(
      Kind.SIZE, "16MiB", "0", 0, 1L << 40, "bytes per second read to find garbage; 0 = no limit"),
  GC_STRETCH(
      Kind.SIZE,
      "1MiB",
      "4KiB",
      1,
      64L << 20,
      "bytes read to find garbage before others have a turn"),
  STORE_HEARTBEAT(
      Kind.DURATION,
      "10s",
      "500ms",
      1,
      Kind.HOUR,
      "how often the store reports to the placement driver"),
  PEER_DOWN(
      Kind.DURATION,
      "10m",
      "2s",
      1,
      24 * Kind.HOUR,
      "a peer silent for so long is reported as down"),
  STALE_CHECK(
      Kind.DURATION,
      "5m",
      "1s",
      1,
      24 * Kind.HOUR,
      "without leader for so long, a replica asks whether it is still a member"),
  SNAPSHOT_RATE(
      Kind.SIZE,
      "100MiB",
      "0",
      0,
      1L << 40,
      "bytes per second of all snapshots sent; 0 = no limit"),
  SNAPSHOT_CONCURRENCY(Kind.COUNT, "32", "32", 1, 1000, "snapshots sent, and received, at a time"),
  SNAPSHOT_CHUNK(Kind.SIZE, "1MiB", "64KiB", 1 << 10, 8L << 20, "size of a block of a snapshot"),
  SNAPSHOT_LIFE(
      Kind.DURATION,
      "4h",
      "10s",
      1,
      24 * Kind.HOUR,
      "a snapshot that nobody fetches is dropped after"),
  REGION_SPLIT_SIZE(
      Kind.SIZE, "256MiB", "64KiB", 1 << 10, 1L << 40, "size of the pieces of a region too large"),
  REGION_MAX_SIZE(
      Kind.SIZE, "384MiB", "96KiB", 1 << 10, 1L << 40, "a larger region is split by itself"),
  REGION_SPLIT_KEYS(
      Kind.COUNT, "2560000", "1000", 2, 1L << 40, "keys of the pieces of a region with too many"),
  REGION_MAX_KEYS(
      Kind.COUNT, "3840000", "1500", 2, 1L << 40, "a region with more keys is split by itself"),
  SPLIT_PIECES(Kind.COUNT, "10", "10", 1, 1000, "new regions of one split, at most"),
  SPLIT_CHECK_TICK(
      Kind.DURATION, "10s", "100ms", 1, Kind.HOUR, "how often a leader looks at its region's size"),
  SPLIT_CHECK_DIFF(
      Kind.SIZE,
      "16MiB",
      "4KiB",
      0,
      1L << 40,
      "a region found whole is not looked at again before so much was written"),
  MERGE_MAX_LOG_GAP(
      Kind.COUNT,
      "10",
      "200",
      1,
      1L << 20,
      "entries that a peer may lack of a region that is to be merged"),
  RESOLVED_TS_INTERVAL(
      Kind.DURATION,
      "1s",
      "0s",
      0,
      Kind.HOUR,
      "how often leaders tell up to which timestamp followers may serve the past; 0 = never"),
  HASH_CHECK_INTERVAL(
      Kind.DURATION,
      "0s",
      "0s",
      0,
      24 * Kind.HOUR,
      "how often a region led here has its replicas compared, one after another; 0 = never"),
  HIBERNATE_AFTER(
      Kind.DURATION,
      "10s",
      "1s",
      0,
      24 * Kind.HOUR,
      "a region that is not used for so long rests, without heartbeats; 0 = never"),
  SPLIT_QPS(
      Kind.COUNT,
      "3000",
      "3000",
      0,
      1L << 40,
      "requests per second beyond which a region is split for its load; 0 = never"),
  SPLIT_QPS_DURATION(
      Kind.DURATION, "10s", "1s", 1, Kind.HOUR, "how long that load must last, without a pause"),
  BLOCK_CACHE(
      Kind.SIZE,
      "512MiB",
      "16MiB",
      1 << 20,
      1L << 44,
      "cache of uncompressed blocks, for all stores of the process"),
  MEMTABLE(Kind.SIZE, "32MiB", "8MiB", 64 << 10, 4L << 30, "size of a memtable of the engine"),
  WAL_SEGMENT(Kind.SIZE, "128MiB", "1MiB", 64 << 10, 1L << 30, "size of a file of the raft log"),
  WAL_SEGMENTS(
      Kind.COUNT, "16", "8", 2, 10_000, "files of the raft log before old entries are moved"),
  WAL_CACHE(Kind.SIZE, "128MiB", "16MiB", 0, 1L << 40, "entries of the raft log kept in memory"),
  MAX_QUEUED_REQUESTS(
      Kind.COUNT, "65536", "65536", 1, 1L << 30, "requests that may wait for the store loop"),
  MAX_QUEUED_MESSAGES(
      Kind.COUNT,
      "262144",
      "262144",
      1,
      1L << 30,
      "raft messages that may wait for the store loop"),
  REGIONS_PER_ROUND(
      Kind.COUNT, "256", "256", 1, 1 << 20, "regions worked on before others have their turn"),
  TRANSPORT_QUEUE(
      Kind.COUNT, "16384", "16384", 1, 1 << 30, "messages that may wait for one other store"),
  TRANSPORT_BACKOFF(
      Kind.DURATION, "1s", "50ms", 1, Kind.HOUR, "pause before another store is called again"),
  LOOP_SPIN(
      Kind.DURATION,
      "20us",
      "0us",
      0,
      1000,
      "how long the store loop looks for work before it sleeps"),
  APPLY_INLINE(
      Kind.FLAG, "false", "false", "apply on the store loop instead of a thread of its own"),
  STOP_PATIENCE(
      Kind.DURATION,
      "10s",
      "2s",
      0,
      Kind.HOUR,
      "how long a stop waits for leaders to be handed over"),
  START_PATIENCE(
      Kind.DURATION, "60s", "20s", 1, Kind.HOUR, "how long a start waits for the placement driver");

  /** How a value is written. */
  enum Kind {
    TEXT,
    FLAG,
    COUNT,
    /** In microseconds. */
    DURATION,
    /** In bytes. */
    SIZE;

    /** In milliseconds, for limits. */
    static final long HOUR = 3_600_000;
  }

  private final Kind kind;
  private final String standard;
  private final String fastTest;
  private final long min;
  private final long max;
  private final String description;

  KvSetting(Kind kind, String standard, String fastTest, String description) {
    this(kind, standard, fastTest, 0, 0, description);
  }

  /** Limits of durations are in milliseconds, but for {@link #LOOP_SPIN}: microseconds. */
  KvSetting(Kind kind, String standard, String fastTest, long min, long max, String description) {
    this.kind = kind;
    this.standard = standard;
    this.fastTest = fastTest;
    this.min = min;
    this.max = max;
    this.description = description;
  }

  /** The name in a file, e.g. {@code raft-tick}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public String standard() {
    return standard;
  }

  public String description() {
    return description;
  }

  String fastTest() {
    return fastTest;
  }

  Kind kind() {
    return kind;
  }

  long min() {
    return kind == Kind.DURATION && this != LOOP_SPIN ? min * 1000 : min;
  }

  long max() {
    return kind == Kind.DURATION && this != LOOP_SPIN ? max * 1000 : max;
  }
}

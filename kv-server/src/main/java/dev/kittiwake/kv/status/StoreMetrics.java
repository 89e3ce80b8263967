package dev.kittiwake.kv.status;

import dev.kittiwake.kv.KvServer;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.RocksEngine;
import dev.kittiwake.kv.gc.GcProgress;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.WriteGate;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The numbers of one store for Prometheus, read when they are asked for. Names and labels are
 * TiKV's where the meaning is the same, {@code kittiwake_…} otherwise.
 */
final class StoreMetrics {
  private static final double NANOS = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final Supplier<KvServer> store; // gives null while it starts

  StoreMetrics(Supplier<KvServer> store) {
    this.store = store;
    regions();
    damage();
    writes();
    disk();
    engine();
    collection();
    process();
  }

  /** The page. */
  String text() {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    try {
      writer.write(page, registry.scrape(), EscapingScheme.DEFAULT);
    } catch (IOException impossible) {
      throw new IllegalStateException("an array cannot be written to", impossible);
    }
    return page.toString(StandardCharsets.UTF_8);
  }

  private void regions() {
    gauge(
        "tikv_raftstore_region_count",
        "regions with a replica here, and those led here",
        "type",
        (running, set) -> {
          List<RegionView> regions = running.access().regions();
          set.call(regions.size(), "region");
          set.call(regions.stream().filter(RegionView::leader).count(), "leader");
        });
  }

  private void damage() {
    gauge(
        "kittiwake_damaged_replicas",
        "replicas here whose data differs from what most replicas have: they serve nothing",
        null,
        (running, set) -> set.call(running.access().damagedRegions().size()));
  }

  private void writes() {
    gate(
        "kittiwake_write_pressure",
        "how far the engine is behind; 1 = all writes are refused",
        WriteGate::pressure);
    counter(
        "kittiwake_writes_refused",
        "writes refused to keep the store healthy",
        "reason",
        (running, set) -> {
          set.call(running.access().writeGate().refusedForDisk(), "disk_full");
          set.call(running.access().writeGate().refusedForPressure(), "flow_control");
        });
  }

  private void disk() {
    gauge(
        "tikv_store_size_bytes",
        "of the disk of the data directory",
        "type",
        (running, set) -> {
          set.call(running.space().capacity(), "capacity");
          set.call(running.space().available(), "available");
          set.call(running.space().used(), "used");
        });
    gate(
        "kittiwake_disk_full",
        "1 while only reads and deletes are taken",
        gate -> gate.isFull() ? 1 : 0);
    gauge(
        "tikv_raftstore_slow_score",
        "of the disk, from 1, healthy, to 100",
        null,
        (running, set) -> set.call(running.access().slowScore()));
    gauge(
        "kittiwake_raft_log_sync_seconds",
        "time of an append until it is durable: lately, and the oldest under way",
        "type",
        (running, set) -> {
          set.call(running.wal().typicalSyncNanos() / NANOS, "typical");
          set.call(running.wal().oldestUnfinishedSyncNanos() / NANOS, "oldest");
        });
    gauge(
        "tikv_raft_engine_log_file_bytes",
        "of the raft log's files",
        null,
        (running, set) -> set.call(running.wal().bytesOnDisk()));
  }

  private void engine() {
    property("tikv_engine_estimate_num_keys", "rocksdb.estimate-num-keys");
    property("tikv_engine_size_bytes", "rocksdb.total-sst-files-size");
    property("tikv_engine_num_files_at_level0", "rocksdb.num-files-at-level0");
    property("tikv_engine_num_immutable_mem_table", "rocksdb.num-immutable-mem-table");
    property("tikv_engine_memtable_bytes", "rocksdb.cur-size-all-mem-tables");
    property("tikv_engine_pending_compaction_bytes", "rocksdb.estimate-pending-compaction-bytes");
  }

  private void property(String name, String property) {
    gauge(
        name,
        property,
        "cf",
        (running, set) -> {
          if (running.engine() instanceof RocksEngine rocks) {
            for (Family family : Family.values()) {
              set.call(rocks.property(family, property), family.label());
            }
          }
        });
  }

  private void collection() {
    gauge(
        "tikv_gcworker_autogc_processed_regions",
        "regions of the garbage collection under way, or of the last",
        "type",
        (running, set) -> {
          GcProgress gc = running.gcProgress();
          set.call(gc.regions(), "total");
          set.call(gc.done(), "scan");
          set.call(gc.skipped(), "skip");
        });
    gauge(
        "tikv_gcworker_autogc_safe_point",
        "up to where garbage is collected",
        null,
        (running, set) -> set.call(running.gcProgress().safePoint()));
    counter(
        "kittiwake_gc_versions",
        "versions that garbage collection has seen and deleted",
        "type",
        (running, set) -> {
          set.call(running.gcProgress().records(), "seen");
          set.call(running.gcProgress().deleted(), "deleted");
        });
  }

  private void process() {
    Runtime jvm = Runtime.getRuntime();
    GaugeWithCallback.builder()
        .name("jvm_memory_used_bytes")
        .help("heap in use")
        .callback(set -> set.call(jvm.totalMemory() - jvm.freeMemory()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("jvm_memory_max_bytes")
        .help("largest heap")
        .callback(set -> set.call(jvm.maxMemory()))
        .register(registry);
    CounterWithCallback.builder()
        .name("tikv_thread_cpu_seconds")
        .help("CPU by role: the names of threads without their numbers")
        .labelNames("name")
        .callback(set -> threadSeconds().forEach((role, seconds) -> set.call(seconds, role)))
        .register(registry);
  }

  private static Map<String, Double> threadSeconds() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Double> seconds = new TreeMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null) {
        long nanos = threads.getThreadCpuTime(thread.getThreadId());
        String role = thread.getThreadName().replaceAll("[^A-Za-z_-]+", "").replaceAll("-+$", "");
        seconds.merge(role.isEmpty() ? "other" : role, Math.max(0, nanos) / NANOS, Double::sum);
      }
    }
    return seconds;
  }

  /** Takes a value and the values of its labels. */
  private interface Sink {
    void call(double value, String... labels);
  }

  private interface Source {
    void read(KvServer running, Sink sink);
  }

  private interface GateValue {
    double of(WriteGate gate);
  }

  private void gate(String name, String help, GateValue value) {
    gauge(name, help, null, (running, set) -> set.call(value.of(running.access().writeGate())));
  }

  private void gauge(String name, String help, String label, Source source) {
    GaugeWithCallback.Builder builder = GaugeWithCallback.builder().name(name).help(help);
    if (label != null) {
      builder.labelNames(label);
    }
    builder.callback(set -> ifServing(running -> source.read(running, set::call)));
    builder.register(registry);
  }

  private void counter(String name, String help, String label, Source source) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(set -> ifServing(running -> source.read(running, set::call)))
        .register(registry);
  }

  private void ifServing(Consumer<KvServer> read) {
    KvServer running = store.get();
    if (running != null) {
      read.accept(running);
    }
  }
}

package dev.kittiwake.pd.api;

import dev.kittiwake.pd.cluster.LiveView;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.schedule.OperatorController;
import dev.kittiwake.pd.schedule.StoreView;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.StoreStats;
import dev.kittiwake.raft.Status;
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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers of one member for Prometheus, read when they are asked for, on the loop. Names and
 * labels are TiKV's where the meaning is the same, {@code kittiwake_…} otherwise. What only a
 * leader knows is missing on the others.
 */
final class PdMetrics {
  private static final double NANOS = 1e9;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final PdCluster cluster;
  private final HttpRegions regions;

  PdMetrics(PdCluster cluster) {
    this.cluster = cluster;
    this.regions = new HttpRegions(cluster, new HttpViews(cluster));
    member();
    clusterStatus();
    stores();
    operators();
    work();
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

  private void member() {
    gauge(
        "kittiwake_pd_leader",
        "1 on the member that leads and serves",
        set -> set.call(cluster.serves() ? 1 : 0));
    gauge(
        "kittiwake_pd_raft",
        "where this member is in the log of its group",
        set -> {
          Status raft = cluster.replica().status();
          set.call(raft.term(), "term");
          set.call(raft.commit(), "commit");
          set.call(raft.applied(), "applied");
        },
        "type");
  }

  private void clusterStatus() {
    leaderGauge(
        "pd_cluster_status",
        "the cluster: stores by state, regions, leaders, room in bytes",
        set -> {
          LiveView view = new LiveView(cluster);
          Map<String, Integer> states = new TreeMap<>();
          for (String state : new String[] {"up", "disconnected", "down", "offline", "tombstone"}) {
            states.put(state, 0);
          }
          long capacity = 0;
          long used = 0;
          for (StoreView store : view.stores()) {
            states.merge(store.stateName(view.config()).toLowerCase(Locale.ROOT), 1, Integer::sum);
            if (!store.isTombstone()) {
              capacity += store.stats().getCapacity();
              used += store.stats().getUsedSize();
            }
          }
          states.forEach((state, count) -> set.call(count, "store_" + state + "_count"));
          set.call(cluster.tree().size(), "region_count");
          set.call(regions.countOf(region -> region.hasLeader()), "leader_count");
          set.call(capacity, "storage_capacity");
          set.call(used, "storage_size");
        },
        "type");
    leaderGauge(
        "pd_regions_status",
        "regions that are not as they should be",
        set -> regions.checkNames().forEach(name -> set.call(regions.count(name), name + "-count")),
        "type");
    leaderGauge(
        "kittiwake_pd_gc_safe_point_age_seconds",
        "how far timestamps are ahead of the safe point of transactions, and of that of versions",
        set -> {
          long now = cluster.believedMillis();
          age(set, now, cluster.meta().txnSafePoint(), "transactions");
          age(set, now, cluster.meta().gcSafePoint(), "versions");
        },
        "type");
  }

  private static void age(Sink set, long nowMillis, long safePoint, String type) {
    if (safePoint != 0) {
      set.call((nowMillis - Timestamp.physicalMillis(safePoint)) / 1e3, type);
    }
  }

  private void stores() {
    leaderGauge(
        "pd_scheduler_store_status",
        "what each store holds and how full it is",
        set -> {
          for (StoreView store : new LiveView(cluster).stores()) {
            if (!store.isTombstone()) {
              store(set, store);
            }
          }
        },
        "address",
        "store",
        "type");
  }

  private static void store(Sink set, StoreView store) {
    String address = store.store().getAddress();
    String id = Long.toUnsignedString(store.id());
    StoreStats stats = store.stats();
    set.call(store.regions().all().size(), address, id, "region_count");
    set.call(store.regions().leaders().size(), address, id, "leader_count");
    set.call(store.regions().replicaMiB(), address, id, "region_size");
    set.call(store.regions().leaderMiB(), address, id, "leader_size");
    set.call(store.regions().pending().size(), address, id, "pending_peer_count");
    set.call(store.regionScore(0), address, id, "region_score");
    set.call(store.leaderScore(0), address, id, "leader_score");
    set.call(stats.getCapacity(), address, id, "store_capacity");
    set.call(stats.getAvailable(), address, id, "store_available");
    set.call(stats.getUsedSize(), address, id, "store_used");
    set.call(stats.getSlowScore(), address, id, "store_slow_score");
  }

  private void operators() {
    leaderGauge(
        "kittiwake_pd_operators_running",
        "operators at work, by name",
        set -> {
          Map<String, Integer> running = new TreeMap<>();
          for (OperatorController.Progress one : cluster.placement().operators().running()) {
            running.merge(one.operator().name(), 1, Integer::sum);
          }
          running.forEach((name, count) -> set.call(count, name));
        },
        "type");
    counter(
        "pd_schedule_operators_count",
        "operators that ended, and how",
        set ->
            cluster
                .placement()
                .operators()
                .endedCounts()
                .forEach(
                    (name, count) -> {
                      int space = name.lastIndexOf(' ');
                      set.call(
                          count,
                          name.substring(0, space),
                          name.substring(space + 1).toLowerCase(Locale.ROOT));
                    }),
        "type",
        "event");
  }

  private void work() {
    counter(
        "pd_scheduler_region_heartbeat",
        "reports of regions by what became of them",
        set -> {
          set.call(cluster.reports().taken(), "ok");
          set.call(cluster.reports().stale(), "stale");
        },
        "status");
    counter(
        "pd_tso_events",
        "requests for timestamps, and timestamps given out",
        set -> {
          set.call(cluster.timestamps().requests(), "requests");
          set.call(cluster.timestamps().given(), "timestamps");
        },
        "type");
  }

  private void process() {
    Runtime jvm = Runtime.getRuntime();
    gauge(
        "jvm_memory_used_bytes",
        "heap in use",
        set -> set.call(jvm.totalMemory() - jvm.freeMemory()));
    gauge("jvm_memory_max_bytes", "largest heap", set -> set.call(jvm.maxMemory()));
    counter(
        "kittiwake_thread_cpu_seconds",
        "CPU by role: the names of threads without their numbers",
        set -> threadSeconds().forEach((role, seconds) -> set.call(seconds, role)),
        "name");
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
    void read(Sink sink);
  }

  private void leaderGauge(String name, String help, Source source, String... labels) {
    gauge(
        name,
        help,
        set -> {
          if (cluster.serves()) {
            source.read(set);
          }
        },
        labels);
  }

  private void gauge(String name, String help, Source source, String... labels) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .callback(set -> source.read(set::call))
        .register(registry);
  }

  private void counter(String name, String help, Source source, String... labels) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels)
        .callback(set -> source.read(set::call))
        .register(registry);
  }
}

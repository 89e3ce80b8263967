package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.pd.cluster.LiveView;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.cluster.Settings;
import dev.kittiwake.pd.cluster.StoreTable;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.schedule.StoreView;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.StoreStats;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The state as JSON, with TiKV's field names. On the loop. */
final class HttpViews {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PdCluster cluster;
  private final long startSeconds;

  HttpViews(PdCluster cluster) {
    this.cluster = cluster;
    this.startSeconds = cluster.nowMillis() / 1000;
  }

  JsonNode status() {
    return NODES
        .objectNode()
        .put("version", "v" + MemberCalls.VERSION)
        .put("build_ts", "")
        .put("git_hash", "")
        .put("start_timestamp", startSeconds);
  }

  JsonNode cluster() {
    return NODES
        .objectNode()
        .put("id", cluster.meta().clusterId())
        .put("max_peer_count", cluster.scheduleConfig().maxReplicas());
  }

  JsonNode clusterStatus() {
    return NODES
        .objectNode()
        .put("is_initialized", cluster.meta().isBootstrapped())
        .put("replication_status", "majority");
  }

  /**
   * @param states numbers or names of states that are wanted; none: all but tombstones
   */
  JsonNode stores(List<String> states) {
    ObjectNode node = NODES.objectNode();
    ArrayNode stores = NODES.arrayNode();
    LiveView view = new LiveView(cluster);
    view.stores().stream()
        .filter(
            store ->
                states.isEmpty()
                    ? !store.isTombstone()
                    : states.contains(store.store().getState().name())
                        || states.contains(Integer.toString(store.store().getStateValue())))
        .forEach(store -> stores.add(store(store, view)));
    node.put("count", stores.size());
    node.set("stores", stores);
    return node;
  }

  /** The stores with a label, in any case of letters; an empty value: any. */
  JsonNode storesWith(String name, String value) {
    LiveView view = new LiveView(cluster);
    ArrayNode stores = NODES.arrayNode();
    view.stores().stream()
        .filter(store -> !store.isTombstone())
        .filter(
            store ->
                store.store().getLabelsList().stream()
                    .anyMatch(
                        label ->
                            label.getKey().equalsIgnoreCase(name)
                                && (value.isEmpty() || label.getValue().equalsIgnoreCase(value))))
        .forEach(store -> stores.add(store(store, view)));
    ObjectNode node = NODES.objectNode().put("count", stores.size());
    node.set("stores", stores);
    return node;
  }

  JsonNode store(long id) {
    LiveView view = new LiveView(cluster);
    return view.store(id)
        .map(store -> store(store, view))
        .orElseThrow(
            () ->
                new HttpApi.HttpRefused(
                    404, "invalid store ID " + Long.toUnsignedString(id) + ", not found"));
  }

  private ObjectNode store(StoreView view, LiveView all) {
    Store store = view.store();
    ObjectNode node = NODES.objectNode();
    ObjectNode meta =
        node.putObject("store")
            .put("id", store.getId())
            .put("address", store.getAddress())
            .put("version", store.getVersion())
            .put("peer_address", store.getPeerAddress())
            .put("status_address", store.getStatusAddress())
            .put("git_hash", store.getGitHash())
            .put("start_timestamp", store.getStartTimestamp())
            .put("deploy_path", store.getDeployPath())
            .put("node_state", store.getNodeStateValue())
            .put("state_name", view.stateName(all.config()));
    if (store.getLabelsCount() > 0) {
      ArrayNode labels = meta.putArray("labels");
      store
          .getLabelsList()
          .forEach(
              label ->
                  labels.addObject().put("key", label.getKey()).put("value", label.getValue()));
    }
    ObjectNode status = node.putObject("status");
    cluster.storeTable().find(store.getId()).ifPresent(heard -> heard(status, store, heard));
    status
        .put("leader_count", cluster.tree().leadersOn(store.getId()).size())
        .put("leader_weight", view.weight().leader())
        .put("leader_score", view.leaderScore(0))
        .put("leader_size", view.regions().leaderMiB())
        .put("region_score", view.regionScore(0))
        .put("region_size", view.regions().replicaMiB())
        .put("pending_peer_count", view.regions().pending().size())
        .put("region_count", cluster.tree().peersOn(store.getId()).size())
        .put("region_weight", view.weight().region());
    return node;
  }

  private static void heard(ObjectNode status, Store store, StoreTable.Heard heard) {
    StoreStats stats = heard.stats();
    long startSeconds =
        stats.getStartTime() != 0
            ? Integer.toUnsignedLong(stats.getStartTime())
            : store.getStartTimestamp();
    status
        .put("capacity", size(stats.getCapacity()))
        .put("available", size(stats.getAvailable()))
        .put("used_size", size(stats.getUsedSize()))
        .put("slow_score", stats.getSlowScore())
        .put("is_busy", stats.getIsBusy())
        .put("start_ts", Instant.ofEpochSecond(startSeconds).toString())
        .put("last_heartbeat_ts", Instant.ofEpochMilli(heard.heardMillis()).toString())
        .put("uptime", (heard.heardMillis() / 1000 - startSeconds) + "s");
  }

  /** For people: 512B, 1.5GiB. */
  private static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    String digits = String.format(Locale.ROOT, "%.2f", value);
    return digits.replaceAll("\\.?0+$", "").isEmpty()
        ? "0B"
        : digits.replaceAll("\\.?0+$", "") + units[unit];
  }

  JsonNode regionsOn(long storeId) {
    return regions(
        cluster.tree().peersOn(storeId).stream()
            .map(id -> cluster.tree().find(id).orElseThrow())
            .toList());
  }

  JsonNode regions(Collection<RegionRecord> regions) {
    ObjectNode node = NODES.objectNode().put("count", regions.size());
    ArrayNode list = node.putArray("regions");
    regions.forEach(region -> list.add(region(region)));
    return node;
  }

  ObjectNode region(RegionRecord region) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("id", region.id())
            .put("start_key", hex(region.range().start().toString()))
            .put("end_key", hex(region.range().end().toString()));
    node.putObject("epoch").put("conf_ver", region.confVer()).put("version", region.version());
    ArrayNode peers = node.putArray("peers");
    region.peers().forEach(peer -> peers.add(peer(peer)));
    if (region.hasLeader()) {
      node.set("leader", peer(region.leader()));
    }
    if (!region.downPeers().isEmpty()) {
      ArrayNode down = node.putArray("down_peers");
      region
          .downPeers()
          .forEach(
              stats -> {
                ObjectNode one = down.addObject();
                one.set("peer", peer(stats.getPeer()));
                one.put("down_seconds", stats.getDownSeconds());
              });
    }
    if (!region.pendingPeers().isEmpty()) {
      ArrayNode pending = node.putArray("pending_peers");
      region.pendingPeers().forEach(peer -> pending.add(peer(peer)));
    }
    if (cluster.tree().isLeftOver(region)) {
      node.put("left_over", true); // who has these keys now has not reported yet
    }
    return node.put("written_bytes", region.load().writtenBytes())
        .put("read_bytes", region.load().readBytes())
        .put("written_keys", region.load().writtenKeys())
        .put("read_keys", region.load().readKeys())
        .put("approximate_size", region.load().approximateMiB())
        .put("approximate_keys", region.load().approximateKeys());
  }

  private static String hex(String digits) {
    return digits.toUpperCase(Locale.ROOT);
  }

  private static ObjectNode peer(Peer peer) {
    ObjectNode node =
        NODES
            .objectNode()
            .put("id", peer.getId())
            .put("store_id", peer.getStoreId())
            .put("role", peer.getRoleValue())
            .put("role_name", peer.getRole().name());
    return peer.getRoleValue() == 1 ? node.put("is_learner", true) : node;
  }

  /** Names inside their groups; with a group's prefix, the names of that group only. */
  JsonNode config(String group) {
    return grouped(cluster.settings(), group);
  }

  /** What every setting is if nobody changes it. */
  JsonNode defaults() {
    return grouped(Settings.effective(Map.of(), Map.of()), "");
  }

  private static JsonNode grouped(Map<String, String> settings, String group) {
    ObjectNode node = NODES.objectNode();
    settings.forEach(
        (name, value) -> {
          if (!group.isEmpty() && name.startsWith(group)) {
            put(node, name.substring(group.length()), value);
          } else if (group.isEmpty()) {
            int dot = name.indexOf('.');
            put(node.withObject("/" + name.substring(0, dot)), name.substring(dot + 1), value);
          }
        });
    return node;
  }

  private static void put(ObjectNode node, String name, String value) {
    if (value.matches("-?\\d{1,18}")) {
      node.put(name, Long.parseLong(value));
    } else if (value.equals("true") || value.equals("false")) {
      node.put(name, Boolean.parseBoolean(value));
    } else if (value.matches("-?\\d+\\.\\d+")) {
      node.put(name, Double.parseDouble(value));
    } else {
      node.put(name, value);
    }
  }

  JsonNode safePoints() {
    ObjectNode node = NODES.objectNode();
    ArrayNode services = node.putArray("service_gc_safe_points");
    long now = cluster.believedMillis();
    List.of(false, true)
        .forEach(
            global ->
                cluster
                    .meta()
                    .liveBarriers(global, now)
                    .forEach(
                        barrier ->
                            services
                                .addObject()
                                .put("service_id", barrier.id())
                                .put(
                                    "expired_at",
                                    barrier.expiresMillis() == 0
                                        ? Long.MAX_VALUE
                                        : barrier.expiresMillis() / 1000)
                                .put("safe_point", barrier.ts())));
    services
        .addObject()
        .put("service_id", "gc_worker")
        .put("expired_at", Long.MAX_VALUE)
        .put("safe_point", cluster.meta().txnSafePoint());
    return node.put("min_service_gc_safe_point", cluster.meta().minServiceSafePoint(now))
        .put("gc_safe_point", cluster.meta().gcSafePoint())
        .put("txn_safe_point", cluster.meta().txnSafePoint())
        .put("txn_safe_point_reason", cluster.gc().lastReason());
  }

  /** Real only if every store that is up has reported. */
  JsonNode minResolvedTs(String scope) {
    SortedMap<Long, Long> reported = new TreeMap<>(cluster.storeTable().minResolvedTs());
    boolean complete =
        cluster.meta().stores().stream()
            .filter(store -> store.getStateValue() != 2)
            .allMatch(store -> reported.getOrDefault(store.getId(), 0L) != 0);
    long min =
        complete && !reported.isEmpty()
            ? reported.values().stream()
                .min(Comparator.comparing(ts -> ts, Long::compareUnsigned))
                .get()
            : 0;
    ObjectNode node =
        NODES
            .objectNode()
            .put("min_resolved_ts", min)
            .put("is_real_time", complete && min != 0)
            .put("persist_interval", "1s");
    if (!scope.isEmpty()) {
      ObjectNode stores = node.putObject("stores_min_resolved_ts");
      List<String> wanted = List.of(scope.split(","));
      reported.forEach(
          (id, ts) -> {
            if (scope.equals("cluster") || wanted.contains(Long.toUnsignedString(id))) {
              stores.put(Long.toUnsignedString(id), ts);
            }
          });
    }
    return node;
  }

  /** As one store has reported it. */
  JsonNode minResolvedTsOf(long storeId) {
    if (cluster.meta().store(storeId).isEmpty()) {
      throw new HttpApi.HttpRefused(
          404, "invalid store ID " + Long.toUnsignedString(storeId) + ", not found");
    }
    long ts = cluster.storeTable().minResolvedTs().getOrDefault(storeId, 0L);
    return NODES
        .objectNode()
        .put("min_resolved_ts", ts)
        .put("is_real_time", ts != 0)
        .put("persist_interval", "1s");
  }
}

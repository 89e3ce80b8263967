package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Lists of regions over HTTP: those that are not as they should be, the largest, neighbours. */
final class HttpRegions {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEFAULT_TOP = 16;
  private static final int MAX_TOP = 10_240;
  private static final long SIZE_BOUND_MIB = 10; // as in TiKV's placement driver
  private static final long KEYS_BOUND = 10_000;
  private static final long MAX_BOUND = 1L << 40;
  private static final long OVERSIZED_MIB = 384; // the largest that a store leaves whole
  private static final long EMPTY_MIB = 1; // the unit of the reports

  private final PdCluster cluster;
  private final HttpViews views;
  private final Map<String, Predicate<RegionRecord>> checks = new LinkedHashMap<>();
  private final Map<String, ToLongFunction<RegionRecord>> orders = new LinkedHashMap<>();

  HttpRegions(PdCluster cluster, HttpViews views) {
    this.cluster = cluster;
    this.views = views;
    checks.put("miss-peer", region -> voters(region) < cluster.scheduleConfig().maxReplicas());
    checks.put("extra-peer", region -> voters(region) > cluster.scheduleConfig().maxReplicas());
    checks.put("down-peer", region -> !region.downPeers().isEmpty());
    checks.put("pending-peer", region -> !region.pendingPeers().isEmpty());
    checks.put("learner-peer", region -> voters(region) < region.peers().size());
    checks.put("offline-peer", this::isOnLeavingStore);
    checks.put("empty-region", region -> region.load().approximateMiB() <= EMPTY_MIB);
    checks.put("oversized-region", region -> region.load().approximateMiB() > OVERSIZED_MIB);
    checks.put("no-leader", region -> !region.hasLeader());
    orders.put("readflow", region -> region.load().readBytes());
    orders.put("writeflow", region -> region.load().writtenBytes());
    orders.put("size", region -> region.load().approximateMiB());
    orders.put("keys", region -> region.load().approximateKeys());
    orders.put("confver", RegionRecord::confVer);
    orders.put("version", RegionRecord::version);
  }

  private static long voters(RegionRecord region) {
    return region.peers().stream().filter(peer -> peer.getRole() != PeerRole.Learner).count();
  }

  private boolean isOnLeavingStore(RegionRecord region) {
    for (Peer peer : region.peers()) {
      Optional<Store> store = cluster.meta().store(peer.getStoreId());
      if (store.isEmpty() || store.get().getState() != StoreState.Up) {
        return true;
      }
    }
    return false;
  }

  /** The answer if the path is one of these; empty if it is not. */
  Optional<JsonNode> serve(HttpRoutes.Call call, String path) {
    if (path.startsWith("regions/check/hist-")) {
      return Optional.of(histogram(call, path.substring("regions/check/hist-".length())));
    }
    if (path.startsWith("regions/check/")) {
      return Optional.of(check(path.substring("regions/check/".length())));
    }
    if (path.startsWith("regions/sibling/")) {
      return Optional.of(siblings(HttpRoutes.number(path.substring("regions/sibling/".length()))));
    }
    if (path.equals("regions/count")) {
      return Optional.of(NODES.objectNode().put("count", cluster.tree().size()));
    }
    if (path.equals("regions/key")) {
      return Optional.of(
          views.regions(
              cluster
                  .tree()
                  .list(
                      call.keys().parameter("key"),
                      call.keys().parameter("end_key"),
                      limit(call.parameter("limit")))));
    }
    if (path.equals("stats/region")) {
      return Optional.of(statistics(call));
    }
    if (path.startsWith("regions/")) {
      String what = path.substring("regions/".length());
      if (orders.containsKey(what)) {
        return Optional.of(top(orders.get(what), call.parameter("limit")));
      }
      return checks.keySet().stream()
          .filter(
              name -> name.replace("-", "").replaceAll("region$|peer$", "").equals(shortName(what)))
          .findFirst()
          .map(this::check);
    }
    return Optional.empty();
  }

  /** The older paths: misspeer, extrapeer, down, pending, offline, empty, oversized. */
  private static String shortName(String what) {
    return what.replace("-", "").replaceAll("region$|peer$", "");
  }

  /** The names of the lists of regions that are not as they should be. */
  Collection<String> checkNames() {
    return checks.keySet();
  }

  /** How many regions are on the list of that name. */
  long count(String name) {
    return countOf(checks.get(name));
  }

  long countOf(Predicate<RegionRecord> wanted) {
    return cluster.tree().all().stream().filter(wanted).count();
  }

  private JsonNode check(String name) {
    Predicate<RegionRecord> check = checks.get(name);
    if (check == null) {
      throw new HttpApi.HttpRefused(
          404, "there is no check \"" + name + "\"; there are " + checks.keySet());
    }
    return views.regions(cluster.tree().all().stream().filter(check).toList());
  }

  private JsonNode top(ToLongFunction<RegionRecord> value, String limit) {
    return views.regions(
        cluster.tree().all().stream()
            .sorted(Comparator.comparingLong(value).reversed())
            .limit(limit(limit))
            .toList());
  }

  private static int limit(String text) {
    return text.isEmpty()
        ? DEFAULT_TOP
        : (int) HttpRoutes.bounded("limit", text, 1, MAX_TOP, "regions");
  }

  /** How many regions have a size (MiB) or number of keys in each stretch of {@code bound}. */
  private JsonNode histogram(HttpRoutes.Call call, String what) {
    ToLongFunction<RegionRecord> value = orders.get(what);
    long bound = what.equals("size") ? SIZE_BOUND_MIB : KEYS_BOUND;
    if (value == null || !List.of("size", "keys").contains(what)) {
      throw new HttpApi.HttpRefused(
          404, "there is no histogram of \"" + what + "\"; there are" + " hist-size and hist-keys");
    }
    if (!call.parameter("bound").isEmpty()) {
      bound =
          HttpRoutes.bounded("bound", call.parameter("bound"), bound, MAX_BOUND, "of a stretch");
    }
    TreeMap<Long, Long> counts = new TreeMap<>();
    for (RegionRecord region : cluster.tree().all()) {
      counts.merge(value.applyAsLong(region) / bound, 1L, Long::sum);
    }
    ArrayNode stretches = NODES.arrayNode();
    for (Map.Entry<Long, Long> one : counts.entrySet()) {
      stretches
          .addObject()
          .put("start", one.getKey() * bound)
          .put("end", (one.getKey() + 1) * bound - 1)
          .put("count", one.getValue());
    }
    return stretches;
  }

  private JsonNode siblings(long id) {
    RegionRecord region =
        cluster
            .tree()
            .locate(id)
            .orElseThrow(
                () ->
                    new HttpApi.HttpRefused(
                        404, "region " + Long.toUnsignedString(id) + " is not known"));
    Collection<RegionRecord> found =
        Stream.concat(
                cluster.tree().locateBefore(region.range().start()).stream(),
                region.range().end().isEmpty()
                    ? Stream.empty()
                    : cluster.tree().locate(region.range().end()).stream())
            .toList();
    return views.regions(found);
  }

  private JsonNode statistics(HttpRoutes.Call call) {
    List<RegionRecord> regions =
        cluster
            .tree()
            .list(call.keys().parameter("start_key"), call.keys().parameter("end_key"), 0);
    ObjectNode node =
        NODES
            .objectNode()
            .put("count", regions.size())
            .put("empty_count", regions.stream().filter(checks.get("empty-region")).count())
            .put(
                "storage_size",
                regions.stream().mapToLong(region -> region.load().approximateMiB()).sum())
            .put(
                "storage_keys",
                regions.stream().mapToLong(region -> region.load().approximateKeys()).sum());
    ObjectNode leaders = node.putObject("store_leader_count");
    ObjectNode peers = node.putObject("store_peer_count");
    for (RegionRecord region : regions) {
      if (region.hasLeader()) {
        count(leaders, region.leader().getStoreId());
      }
      region.peers().forEach(peer -> count(peers, peer.getStoreId()));
    }
    return node;
  }

  private static void count(ObjectNode byStore, long storeId) {
    String name = Long.toUnsignedString(storeId);
    byStore.put(name, byStore.path(name).asLong() + 1);
  }
}

package dev.kittiwake.pd.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.hot.Dimension;
import dev.kittiwake.pd.hot.Flow;
import dev.kittiwake.pd.hot.RegionHeat;
import dev.kittiwake.pd.schedule.ScheduleCluster;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.pd.schedule.StoreView;
import java.util.ArrayList;
import java.util.List;

/** What is hot, as JSON with TiKV's field names; rates are per second. On the loop. */
final class HttpHot {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final PdCluster cluster;

  HttpHot(PdCluster cluster) {
    this.cluster = cluster;
  }

  JsonNode serve(String[] parts) {
    String path = String.join("/", parts);
    switch (path) {
      case "hotspot/regions/read":
        return regions(Flow.READ);
      case "hotspot/regions/write":
        return regions(Flow.WRITE);
      case "hotspot/stores":
        return stores();
      default:
        throw new HttpApi.HttpRefused(404, "GET /pd/api/v1/" + path + " is not known");
    }
  }

  private ScheduleCluster state() {
    return cluster.placement().coordinator().cluster();
  }

  private JsonNode regions(Flow flow) {
    ObjectNode node = NODES.objectNode();
    ObjectNode asPeer = node.putObject("as_peer");
    ObjectNode asLeader = node.putObject("as_leader");
    for (StoreView store : state().stores()) {
      String id = Long.toUnsignedString(store.id());
      asPeer.set(id, store(store, flow, false));
      asLeader.set(id, store(store, flow, true));
    }
    return node;
  }

  private ObjectNode store(StoreView store, Flow flow, boolean leadersOnly) {
    long threshold = state().config().number(ScheduleSetting.HOT_REGION_CACHE_HITS_THRESHOLD);
    int regions = leadersOnly ? store.regions().leaders().size() : store.regions().all().size();
    List<RegionHeat> hot = new ArrayList<>();
    for (RegionHeat heat : store.heat().regions()) {
      boolean leads = cluster.tree().leadersOn(store.id()).contains(heat.regionId());
      if ((leads || !leadersOnly)
          && state().hot().isHot(heat, flow, store.id(), threshold, regions)) {
        hot.add(heat);
      }
    }
    hot.sort((a, b) -> Long.compare(b.rate(flow, Dimension.BYTES), a.rate(flow, Dimension.BYTES)));
    ObjectNode node = NODES.objectNode();
    ArrayNode list = NODES.arrayNode();
    long bytes = 0;
    long keys = 0;
    for (RegionHeat heat : hot) {
      bytes += heat.rate(flow, Dimension.BYTES);
      keys += heat.rate(flow, Dimension.KEYS);
      list.addObject()
          .put("store_id", store.id())
          .put("region_id", heat.regionId())
          .put("hot_degree", heat.hits(flow))
          .put("flow_bytes", heat.rate(flow, Dimension.BYTES))
          .put("flow_keys", heat.rate(flow, Dimension.KEYS))
          .put("flow_query", heat.rate(flow, Dimension.QUERIES));
    }
    node.put("total_flow_bytes", bytes)
        .put("total_flow_keys", keys)
        .put("regions_count", hot.size());
    node.set("statistics", list);
    return node;
  }

  private JsonNode stores() {
    ObjectNode node = NODES.objectNode();
    ObjectNode bytesWrite = node.putObject("bytes-write-rate");
    ObjectNode bytesRead = node.putObject("bytes-read-rate");
    ObjectNode keysWrite = node.putObject("keys-write-rate");
    ObjectNode keysRead = node.putObject("keys-read-rate");
    for (StoreView store : state().stores()) {
      String id = Long.toUnsignedString(store.id());
      bytesWrite.put(id, store.heat().writes(Dimension.BYTES));
      bytesRead.put(id, store.heat().reads(Dimension.BYTES));
      keysWrite.put(id, store.heat().writes(Dimension.KEYS));
      keysRead.put(id, store.heat().reads(Dimension.KEYS));
    }
    return node;
  }
}

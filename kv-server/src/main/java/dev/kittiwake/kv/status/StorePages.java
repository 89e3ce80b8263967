package dev.kittiwake.kv.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvServer;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.gc.GcProgress;
import dev.kittiwake.kv.region.RegionProgress;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.status.StatusServer.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What a store shows of itself: {@code /config}, {@code /status}, {@code /metrics}. */
public final class StorePages {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final long PROGRESS_PATIENCE_SECONDS = 1;

  private StorePages() {}

  /**
   * The pages of a store.
   *
   * @param store null while it is starting
   */
  public static Map<String, Page> of(KvConfig config, Supplier<KvServer> store) {
    Map<String, Page> pages = new TreeMap<>();
    pages.put("/config", new Page("application/json", () -> json(configuration(config))));
    pages.put("/status", new Page("application/json", () -> json(status(store.get()))));
    StoreMetrics metrics = new StoreMetrics(store);
    pages.put("/metrics", new Page("text/plain; version=0.0.4", metrics::text));
    return pages;
  }

  /**
   * Under {@code storage}, the two names that TiKV's clients ask for; beside it, every setting of
   * ours.
   */
  private static Map<String, Object> configuration(KvConfig config) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("storage", Map.of("api-version", 1, "enable-ttl", false));
    for (KvSetting setting : KvSetting.values()) {
      page.put(setting.label(), config.text(setting));
    }
    return page;
  }

  private static Map<String, Object> status(KvServer store) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("serving", store != null);
    if (store != null) {
      page.put("store_id", store.storeId());
      page.put("address", store.address());
      page.put("disk_full", store.access().writeGate().isFull());
      page.put("write_pressure", store.access().writeGate().pressure());
      page.put("slow_score", store.access().slowScore());
      page.put("damaged_regions", store.access().damagedRegions());
      page.put("gc", gc(store.gcProgress()));
      List<Map<String, Object>> regions = new ArrayList<>();
      for (RegionView view : store.access().regions()) {
        Map<String, Object> region = new LinkedHashMap<>();
        region.put("id", view.regionId());
        region.put("version", view.version());
        region.put("conf_ver", view.confVer());
        region.put("leader", view.leader());
        region.put("term", view.term());
        region.put("peers", view.region().getPeersCount());
        regions.add(region);
      }
      page.put("regions", regions);
      page.put("progress", progress(store));
    }
    return page;
  }

  /** How far the replicas are with their logs; empty if the store does not say so soon. */
  private static List<Map<String, Object>> progress(KvServer store) {
    List<Map<String, Object>> replicas = new ArrayList<>();
    try {
      List<RegionProgress> all =
          store.access().progress().get(PROGRESS_PATIENCE_SECONDS, TimeUnit.SECONDS);
      for (RegionProgress one : all) {
        Map<String, Object> replica = new LinkedHashMap<>();
        replica.put("region", one.regionId());
        replica.put("leader", one.leads());
        replica.put("term", one.term());
        replica.put("commit", one.commit());
        replica.put("applied", one.applied());
        replicas.add(replica);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      return List.of();
    }
    return replicas;
  }

  private static Map<String, Object> gc(GcProgress gc) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("safe_point", gc.safePoint());
    page.put("running", gc.running());
    page.put("regions", gc.regions());
    page.put("visited", gc.done());
    page.put("skipped", gc.skipped());
    page.put("passes", gc.passes());
    page.put("versions_seen", gc.records());
    page.put("versions_deleted", gc.deleted());
    return page;
  }

  private static String json(Object page) {
    try {
      return JSON.writeValueAsString(page);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a page of plain values cannot be written", impossible);
    }
  }
}

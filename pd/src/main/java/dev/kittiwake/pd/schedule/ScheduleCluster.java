package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.hot.HotStatistics;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.pd.placement.Rule;
import dev.kittiwake.pd.placement.RuleSet;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.pdpb.StoreStats;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The cluster as it is known now: stores, regions, heat, operators, settings. Reports change it a
 * little each; nothing is ever counted afresh. Confined to one thread.
 */
public final class ScheduleCluster implements ClusterView {
  private final RegionTree tree;
  private final RandomGenerator random;
  private final IdSource ids;
  private final NavigableMap<Long, StoreView> stores = new TreeMap<>();
  private final HotStatistics hot = new HotStatistics();
  private final OperatorController operators = new OperatorController();
  private final LinkedHashMap<Long, Long> splits =
      new LinkedHashMap<>(); // region to when, oldest first
  private final LinkedHashMap<Departure, Long> departures = new LinkedHashMap<>(); // as splits
  private final LinkedHashMap<Departure, Long> leads = new LinkedHashMap<>(); // given up; as splits
  private final Map<Long, Settled> settled = new HashMap<>(); // only looked up
  private ScheduleConfig config = ScheduleConfig.DEFAULT;
  private PlacementSettings settings = PlacementSettings.NONE;
  private RuleSet rules = RuleSet.of(Rule.standard(config.maxReplicas(), List.of(), ""));
  private long nowMillis;
  private long generation; // grows with every change that may unsettle a region

  /** A replica that a region gave up. */
  private record Departure(long regionId, long storeId) {}

  /** A region that needs nothing as long as it is the same and the generation is the same. */
  private record Settled(Region region, long leaderId, long generation) {}

  public ScheduleCluster(RegionTree tree, RandomGenerator random, IdSource ids) {
    this.tree = tree;
    this.random = random;
    this.ids = ids;
  }

  /** Time goes on. */
  public void at(long millis) {
    nowMillis = Math.max(nowMillis, millis);
  }

  /** The settings and rules that hold from now on. */
  public void configure(ScheduleConfig newConfig, PlacementSettings newSettings) {
    if (newConfig.equals(config) && newSettings.equals(settings)) {
      return;
    }
    config = newConfig;
    settings = newSettings;
    rules = settings.rules(config);
    generation++;
    stores.values().forEach(this::applySettings);
    settings.limits().forEach((id, limit) -> limit.applyTo(operators.limits(), id));
  }

  private void applySettings(StoreView store) {
    store.weigh(settings.weights().getOrDefault(store.id(), StoreView.Weight.ONE));
  }

  /** A store is registered or has another state or other labels. */
  public StoreView put(Store store) {
    StoreView known = stores.get(store.getId());
    if (known == null) {
      known = new StoreView(this, store, nowMillis);
      stores.put(store.getId(), known);
      applySettings(known);
      generation++;
    } else if (!known.store().equals(store)) {
      known.become(store);
      generation++;
    }
    return known;
  }

  /** The records of other stores were dropped. */
  public void retain(Collection<Long> ids) {
    if (stores.keySet().retainAll(ids)) {
      generation++;
    }
  }

  /** A store has reported, at this elapsed time; one that is not known is not regarded. */
  public void heard(StoreStats stats, long atMillis) {
    StoreView store = stores.get(stats.getStoreId());
    if (store != null) {
      store.heard(stats, atMillis);
    }
  }

  /** A region has reported and was taken into the tree. */
  void reported(RegionRecord region, RegionTree.Offered.Accepted accepted) {
    for (RegionRecord gone : accepted.overlapped()) {
      hot.forget(gone.id());
      splits.remove(gone.id());
      settled.remove(gone.id());
      operators.onGone(gone.id(), region.id(), nowMillis);
    }
    // A merge makes the version grow too, whether it comes off or not: that is no reason to wait.
    boolean whole =
        accepted.previous().isPresent()
            && contains(region.range(), accepted.previous().get().range());
    if (!whole) {
      splits.remove(region.id());
      splits.put(region.id(), nowMillis);
    }
    accepted.previous().ifPresent(before -> noteDepartures(before, region));
    accepted.previous().ifPresent(before -> noteLead(before, region));
    hot.report(region);
  }

  private static boolean contains(KeyRange outer, KeyRange inner) {
    return outer.intersection(inner).equals(inner);
  }

  private void noteDepartures(RegionRecord before, RegionRecord now) {
    if (before.region() == now.region()) {
      return;
    }
    for (Peer peer : before.peers()) {
      if (now.peerOn(peer.getStoreId()).isEmpty()) {
        Departure departure = new Departure(now.id(), peer.getStoreId());
        departures.remove(departure);
        departures.put(departure, nowMillis);
      }
    }
  }

  private void noteLead(RegionRecord before, RegionRecord now) {
    long from = before.leader().getStoreId();
    if (before.hasLeader() && from != now.leader().getStoreId()) {
      Departure departure = new Departure(now.id(), from);
      leads.remove(departure);
      leads.put(departure, nowMillis);
    }
  }

  /** Looks which stores have fallen silent or are heard again, and forgets old splits. */
  void refresh() {
    for (StoreView store : stores.values()) {
      if (store.hasNewState()) {
        generation++;
      }
    }
    forgetOld(splits.values(), config.number(ScheduleSetting.SPLIT_MERGE_INTERVAL));
    forgetOld(departures.values(), config.number(ScheduleSetting.REGION_RETURN_INTERVAL));
    forgetOld(leads.values(), config.number(ScheduleSetting.REGION_RETURN_INTERVAL));
  }

  private void forgetOld(Collection<Long> oldestFirst, long keptMillis) {
    for (Iterator<Long> it = oldestFirst.iterator(); it.hasNext(); ) {
      if (nowMillis - it.next() < keptMillis) {
        break;
      }
      it.remove();
    }
  }

  /** Nothing is to be done, and nothing has changed since that was found. */
  boolean isSettled(RegionRecord region) {
    Settled known = settled.get(region.id());
    return known != null
        && known.generation() == generation
        && known.region() == region.region()
        && known.leaderId() == region.leader().getId() // a rule may be about who leads
        && region.downPeers().isEmpty(); // one may fail on a store that is well
  }

  void settle(RegionRecord region) {
    settled.put(region.id(), new Settled(region.region(), region.leader().getId(), generation));
  }

  /** Everything that was learned from reports is forgotten. */
  public void clear() {
    stores.clear();
    hot.clear();
    operators.clear();
    splits.clear();
    departures.clear();
    leads.clear();
    settled.clear();
    generation++;
  }

  @Override
  public ScheduleConfig config() {
    return config;
  }

  public PlacementSettings settings() {
    return settings;
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Collection<StoreView> stores() {
    return Collections.unmodifiableCollection(stores.values());
  }

  @Override
  public Optional<StoreView> store(long id) {
    return Optional.ofNullable(stores.get(id));
  }

  @Override
  public RegionTree tree() {
    return tree;
  }

  @Override
  public RuleSet rules() {
    return rules;
  }

  @Override
  public HotStatistics hot() {
    return hot;
  }

  @Override
  public OperatorController operators() {
    return operators;
  }

  @Override
  public long unsplitMillis(long regionId) {
    Long at = splits.get(regionId);
    return at == null ? Long.MAX_VALUE : nowMillis - at;
  }

  @Override
  public long sinceLeftMillis(long regionId, long storeId) {
    Long at = departures.get(new Departure(regionId, storeId));
    return at == null ? Long.MAX_VALUE : nowMillis - at;
  }

  @Override
  public long sinceLedMillis(long regionId, long storeId) {
    Long at = leads.get(new Departure(regionId, storeId));
    return at == null ? Long.MAX_VALUE : nowMillis - at;
  }

  @Override
  public OptionalLong newId() {
    return ids.next();
  }
}

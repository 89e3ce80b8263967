package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.pd.meta.RegionTree;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreLabel;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.StoreStats;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A cluster made of lines, around the real state and policies. Chance always takes the first.
 *
 * <ul>
 *   <li>{@code config store-limit 10}, {@code set scheduler.evict-leader-scheduler 1}, {@code rule
 *       {"id": …}}
 *   <li>{@code store 1 [silent 40m] [offline|tombstone] [labels zone=a,host=h1] [space 10/100]
 *       [busy] [snapshots 3] [slow 90]} (space in GiB: available and capacity)
 *   <li>{@code region 2 peers 1:11 2:12L leader 1 …}, as {@link WrittenRegion} has it
 *   <li>{@code check 2}, {@code merge 2}: what checkers say; {@code schedule balance-leader} (and
 *       every other scheduler without its suffix); {@code scatter 2 group}; {@code why 2}
 *   <li>{@code heartbeat 2}: the region reports as written; {@code wait 3s}; {@code operators}
 *   <li>{@code tick}: what the coordinator starts and ends by itself now; {@code add
 *       transfer-leader 2 3}: as {@code ctl operator add} does
 * </ul>
 */
final class WrittenCluster {
  private static final List<String> SUFFIXES =
      List.of("-scheduler", "-region-scheduler", "-store-scheduler", "");

  private final RegionTree tree = new RegionTree();
  private final TreeMap<String, String> config = new TreeMap<>();
  private final TreeMap<String, String> settings = new TreeMap<>();
  private final List<String> output = new ArrayList<>();
  private final Map<OperatorController.Progress, Boolean> told = new IdentityHashMap<>();
  private long nextId = 100;
  private final ScheduleCluster cluster =
      new ScheduleCluster(tree, () -> 0, () -> OptionalLong.of(nextId++));
  private final Coordinator coordinator =
      new Coordinator(cluster, (region, message) -> {}, this::started);
  private final OperatorController operators = cluster.operators();
  private final Scatterer scatterer = new Scatterer();

  WrittenCluster() {
    cluster.at(24 * 3_600_000);
    settings("store-limit", "0");
  }

  List<String> run(List<String> lines) {
    lines.stream().filter(line -> !line.isBlank()).forEach(this::line);
    return output;
  }

  private void line(String line) {
    String[] words = line.split("\\s+");
    switch (words[0]) {
      case "config" -> settings(words[1], words.length > 2 ? words[2] : "");
      case "set" -> {
        settings.put(words[1], words[2]);
        configure();
      }
      case "rule" -> {
        settings.put(PlacementSettings.RULE + settings.size(), line.substring("rule ".length()));
        configure();
      }
      case "store" -> store(words);
      case "region" -> region(words);
      case "wait" -> {
        cluster.at(cluster.nowMillis() + millis(words[1]));
        operators.tick(cluster.nowMillis()).forEach(id -> output.add("due: region " + id));
        ended();
      }
      case "tick" -> {
        coordinator.tick();
        ended();
      }
      case "add" -> add(words);
      case "check" -> check(find(words[1]));
      case "merge" -> report(new MergeChecker().check(find(words[1]), cluster));
      case "schedule" -> report(scheduler(words[1]).schedule(cluster));
      case "scatter" -> report(scatterer.scatter(find(words[1]), words[2], cluster));
      case "why" -> why(Long.parseLong(words[1]));
      case "heartbeat" -> heartbeat(find(words[1]));
      case "operators" ->
          operators.running().forEach(one -> output.add("running: " + one.operator()));
      default -> throw new IllegalArgumentException("what is " + words[0] + "?");
    }
  }

  private void settings(String name, String value) {
    for (ScheduleSetting setting : ScheduleSetting.values()) {
      if (setting.key().endsWith("." + name)) {
        config.put(setting.key(), value);
        configure();
        return;
      }
    }
    throw new IllegalArgumentException("which setting is " + name + "?");
  }

  private void configure() {
    coordinator.configure(ScheduleConfig.of(config), PlacementSettings.of(settings));
  }

  private Scheduler scheduler(String name) {
    for (String suffix : SUFFIXES) {
      if (coordinator.schedulers().find(name + suffix).isPresent()) {
        return coordinator.schedulers().find(name + suffix).get().scheduler();
      }
    }
    throw new IllegalArgumentException("which scheduler is " + name + "?");
  }

  private RegionRecord find(String id) {
    return tree.find(Long.parseLong(id)).orElseThrow();
  }

  private void store(String[] words) {
    Store.Builder store = Store.newBuilder().setId(Long.parseLong(words[1]));
    StoreStats.Builder stats = StoreStats.newBuilder().setStoreId(store.getId());
    long silent = 0;
    for (int i = 2; i < words.length; i++) {
      switch (words[i]) {
        case "silent" -> silent = millis(words[++i]);
        case "offline" -> store.setState(StoreState.Offline);
        case "tombstone" -> store.setState(StoreState.Tombstone);
        case "busy" -> stats.setIsBusy(true);
        case "snapshots" -> stats.setReceivingSnapCount(Integer.parseInt(words[++i]));
        case "slow" -> stats.setSlowScore(Long.parseLong(words[++i]));
        case "space" -> {
          String[] parts = words[++i].split("/");
          stats.setAvailable(Long.parseLong(parts[0]) << 30);
          stats.setCapacity(Long.parseLong(parts[1]) << 30);
        }
        case "labels" -> {
          for (String label : words[++i].split(",")) {
            store.addLabels(
                StoreLabel.newBuilder().setKey(label.split("=")[0]).setValue(label.split("=")[1]));
          }
        }
        default -> throw new IllegalArgumentException("what is " + words[i] + " of a store?");
      }
    }
    coordinator.putStore(store.build());
    cluster.heard(stats.build(), cluster.nowMillis() - silent);
  }

  static long millis(String text) {
    return ScheduleSetting.MAX_STORE_DOWN_TIME.parse(text);
  }

  private void region(String[] words) {
    RegionRecord report = WrittenRegion.parse(words);
    RegionTree.Offered offered = tree.offer(report);
    if (offered instanceof RegionTree.Offered.Stale stale) {
      output.add("stale: " + stale.reason());
    } else {
      cluster.reported(tree.find(report.id()).orElseThrow(), (RegionTree.Offered.Accepted) offered);
    }
  }

  private void check(RegionRecord region) {
    boolean settled = true;
    for (Checker checker : coordinator.checkers()) {
      Decision decision = checker.check(region, cluster);
      if (!decision.settled()) {
        settled = false;
        report(decision);
      }
      if (!decision.operators().isEmpty()) {
        return;
      }
    }
    if (settled) {
      output.add("region " + region.id() + ": nothing to do");
    }
  }

  private void report(Decision decision) {
    show(decision);
    started(decision);
    if (!decision.operators().isEmpty()) {
      operators
          .offer(decision.operators(), cluster.config(), cluster.nowMillis())
          .ifPresent(reason -> output.add("refused: " + reason));
      ended();
    }
  }

  /** What {@code ctl operator add} asks for. */
  private void add(String[] words) {
    try {
      Operator operator =
          new AdminOperators(cluster).of(words[1], find(words[2]), Long.parseLong(words[3]), 0, 0);
      report(new Decision("admin", 0, List.of(), List.of(), List.of(operator), false));
    } catch (IllegalArgumentException e) {
      output.add("refused: " + e.getMessage());
    }
  }

  private void started(Decision decision) {
    for (Operator operator : decision.operators()) {
      output.add("start: " + operator.name() + " region " + operator.regionId());
      operator.steps().forEach(step -> output.add("  " + step));
    }
  }

  private void show(Decision decision) {
    decision.candidates().forEach(one -> output.add(decision.policy() + ": " + one));
    decision.reasons().forEach(one -> output.add(decision.policy() + ": " + one));
  }

  private void why(long regionId) {
    Why.Answer answer = new Why(coordinator).region(regionId).orElseThrow();
    for (Why.Seat seat : answer.seats()) {
      output.add(
          (seat.leads() ? "leader " : "replica ")
              + seat.peer().getId()
              + " on store "
              + seat.peer().getStoreId()
              + " ("
              + seat.storeState()
              + "), "
              + seat.rule().map(rule -> "wanted by rule " + rule).orElse("wanted by no rule"));
    }
    answer.decisions().forEach(this::show);
    answer.operator().ifPresent(one -> output.add("operator: " + one.operator()));
    answer.last().ifPresent(one -> output.add("last decision: " + one.policy()));
  }

  private void heartbeat(RegionRecord region) {
    operators
        .onHeartbeat(region, cluster.nowMillis())
        .ifPresent(
            message ->
                output.add(
                    "send: "
                        + operators.find(region.id()).get().current()
                        + " (to store "
                        + message.getTargetPeer().getStoreId()
                        + ")"));
    ended();
  }

  private void ended() {
    for (OperatorController.Progress progress : operators.history()) {
      if (told.put(progress, true) == null) {
        output.add(
            "ended: "
                + progress.operator().name()
                + " region "
                + progress.operator().regionId()
                + " "
                + progress.status()
                + (progress.note().isEmpty() ? "" : ", " + progress.note()));
      }
    }
  }
}

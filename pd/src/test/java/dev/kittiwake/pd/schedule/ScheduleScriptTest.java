package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.metapb.Store;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.testkit.script.Scripts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Schedulers on a cluster that is written down: {@code src/test/scripts/schedule}. */
final class ScheduleScriptTest {
  @TestFactory
  Stream<DynamicNode> scripts() {
    return Scripts.in(Path.of("src/test/scripts/schedule")).tests(lines -> new World().run(lines));
  }

  /**
   * Lines: {@code config joint}; {@code store 1 [silent 40m] [offline|tombstone]}; {@code region 2
   * peers 1:11 2:12L leader 1 [pending 12]} (store:peer, L learner, I incoming, D demoting; epoch
   * by {@code conf N}); {@code check 2}, {@code balance}, {@code heartbeat 2}, {@code wait 3s}.
   */
  private static final class World implements ClusterView {
    private final TreeMap<Long, Store> stores = new TreeMap<>();
    private final TreeMap<Long, Long> silent = new TreeMap<>();
    private final TreeMap<Long, RegionRecord> regions = new TreeMap<>();
    private final OperatorController operators = new OperatorController();
    private final List<String> output = new ArrayList<>();
    private ScheduleConfig config = ScheduleConfig.DEFAULT;
    private long nextId = 100;
    private long now;

    List<String> run(List<String> lines) {
      lines.stream().filter(line -> !line.isBlank()).forEach(line -> line(line.split("\\s+")));
      return output;
    }

    private void line(String[] words) {
      switch (words[0]) {
        case "config" ->
            config = new ScheduleConfig(3, 1_800_000, 20_000, 4, 2048, 64, 0.8, 64, true, 2);
        case "store" -> store(words);
        case "region" -> region(words);
        case "wait" -> {
          now += millis(words[1]);
          operators.tick(now).forEach(id -> output.add("due: region " + id));
          ended();
        }
        case "check" -> check(regions.get(Long.parseLong(words[1])));
        case "balance" -> report(new BalanceLeader().schedule(this));
        case "heartbeat" -> {
          RegionRecord region = regions.get(Long.parseLong(words[1]));
          operators
              .onHeartbeat(region, now)
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
        default -> throw new IllegalArgumentException("what is " + words[0] + "?");
      }
    }

    private void ended() {
      operators
          .history()
          .forEach(
              progress -> {
                String line =
                    "ended: "
                        + progress.operator().name()
                        + " "
                        + progress.status()
                        + (progress.note().isEmpty() ? "" : ", " + progress.note());
                if (!output.contains(line)) {
                  output.add(line);
                }
              });
    }

    private void store(String[] words) {
      long id = Long.parseLong(words[1]);
      StoreState state = StoreState.Up;
      silent.put(id, 0L);
      for (int i = 2; i < words.length; i++) {
        switch (words[i]) {
          case "silent" -> silent.put(id, millis(words[++i]));
          case "offline" -> state = StoreState.Offline;
          default -> state = StoreState.Tombstone;
        }
      }
      stores.put(id, Store.newBuilder().setId(id).setState(state).build());
    }

    private static long millis(String text) {
      long number = Long.parseLong(text.substring(0, text.length() - 1));
      return number * (text.endsWith("m") ? 60_000 : 1_000);
    }

    private void region(String[] words) {
      long id = Long.parseLong(words[1]);
      Region.Builder region = Region.newBuilder().setId(id);
      RegionHeartbeatRequest.Builder heartbeat = RegionHeartbeatRequest.newBuilder().setTerm(1);
      RegionEpoch.Builder epoch = RegionEpoch.newBuilder().setConfVer(1).setVersion(1);
      for (int i = 2; i < words.length; i++) {
        if (words[i].equals("conf")) {
          epoch.setConfVer(Long.parseLong(words[++i]));
        } else if (words[i].equals("leader")) {
          long store = Long.parseLong(words[++i]);
          region.getPeersList().stream()
              .filter(peer -> peer.getStoreId() == store)
              .forEach(heartbeat::setLeader);
        } else if (words[i].equals("pending")) {
          heartbeat.addPendingPeers(Peer.newBuilder().setId(Long.parseLong(words[++i])));
        } else if (!words[i].equals("peers")) {
          region.addPeers(peer(words[i]));
        }
      }
      RegionRecord record =
          RegionRecord.of(heartbeat.setRegion(region.setRegionEpoch(epoch)).build());
      regions.put(id, record);
    }

    private static Peer peer(String text) {
      String[] parts = text.replaceAll("[LID]$", "").split(":");
      PeerRole role =
          text.endsWith("L")
              ? PeerRole.Learner
              : text.endsWith("I")
                  ? PeerRole.IncomingVoter
                  : text.endsWith("D") ? PeerRole.DemotingVoter : PeerRole.Voter;
      return Peer.newBuilder()
          .setStoreId(Long.parseLong(parts[0]))
          .setId(Long.parseLong(parts[1]))
          .setRole(role)
          .build();
    }

    private void check(RegionRecord region) {
      for (Checker checker :
          List.of(new JointStateChecker(), new ReplicaChecker(), new LearnerChecker())) {
        Decision decision = checker.check(region, this);
        report(decision);
        if (decision.operator().isPresent()) {
          return;
        }
      }
    }

    private void report(Decision decision) {
      decision.reasons().forEach(reason -> output.add(decision.policy() + ": " + reason));
      decision
          .operator()
          .ifPresent(
              operator -> {
                output.add("start: " + operator.name() + " region " + operator.regionId());
                operator.steps().forEach(step -> output.add("  " + step));
                operators
                    .offer(operator, config, now)
                    .ifPresent(reason -> output.add("refused: " + reason));
              });
    }

    @Override
    public ScheduleConfig config() {
      return config;
    }

    @Override
    public Collection<StoreView> stores() {
      return stores.keySet().stream().map(id -> store(id).get()).collect(Collectors.toList());
    }

    @Override
    public Optional<StoreView> store(long id) {
      int leaders =
          leadersOn(id).size()
              + operators.leaderInfluence(id, r -> regions.get(r).leader().getStoreId());
      int replicas =
          (int) regions.values().stream().filter(r -> r.peerOn(id).isPresent()).count()
              + operators.replicaInfluence(id);
      return Optional.ofNullable(stores.get(id))
          .map(store -> new StoreView(store, silent.get(id), leaders, replicas, 1, false, 0));
    }

    @Override
    public Optional<RegionRecord> region(long id) {
      return Optional.ofNullable(regions.get(id));
    }

    @Override
    public NavigableSet<Long> leadersOn(long storeId) {
      return regions.values().stream()
          .filter(region -> region.leader().getStoreId() == storeId)
          .map(RegionRecord::id)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public boolean isBusy(long regionId) {
      return operators.isBusy(regionId);
    }

    @Override
    public OptionalLong newId() {
      return OptionalLong.of(nextId++);
    }
  }
}

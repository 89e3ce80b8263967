package dev.kittiwake.pd.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RegionTreeTest {
  private static RegionRecord region(
      long id, String start, String end, long version, long confVer, long term) {
    Peer peer = Peer.newBuilder().setId(id * 10).setStoreId(1 + id % 3).build();
    return RegionRecord.of(
        RegionHeartbeatRequest.newBuilder()
            .setRegion(
                Region.newBuilder()
                    .setId(id)
                    .setStartKey(ByteString.copyFromUtf8(start))
                    .setEndKey(ByteString.copyFromUtf8(end))
                    .setRegionEpoch(
                        RegionEpoch.newBuilder().setVersion(version).setConfVer(confVer))
                    .addPeers(peer))
            .setLeader(peer)
            .setTerm(term)
            .build());
  }

  private static String show(RegionTree tree) {
    return tree.all().stream()
        .map(
            r ->
                r.id()
                    + "["
                    + r.region().getStartKey().toStringUtf8()
                    + ","
                    + r.region().getEndKey().toStringUtf8()
                    + ")v"
                    + r.version())
        .collect(Collectors.joining(" "));
  }

  @Test
  void aSplitReplacesTheParentWhicheverHalfReportsFirst() {
    for (boolean leftFirst : new boolean[] {true, false}) {
      RegionTree tree = new RegionTree();
      tree.offer(region(1, "", "", 1, 1, 5));
      RegionRecord left = region(2, "", "m", 2, 1, 6);
      RegionRecord right = region(1, "m", "", 2, 1, 5);
      tree.offer(leftFirst ? left : right);
      tree.offer(leftFirst ? right : left);
      assertEquals("2[,m)v2 1[m,)v2", show(tree));
    }
  }

  @Test
  void anOldParentDoesNotComeBack() {
    RegionTree tree = new RegionTree();
    tree.offer(region(2, "", "m", 2, 1, 6));
    tree.offer(region(1, "", "", 1, 1, 5));
    assertEquals("2[,m)v2", show(tree));
  }

  @Test
  void anOlderTermOrConfigurationOfTheSameRegionIsStale() {
    RegionTree tree = new RegionTree();
    tree.offer(region(1, "", "", 1, 3, 7));
    assertEquals(RegionTree.Offered.Stale.class, tree.offer(region(1, "", "", 1, 3, 6)).getClass());
    assertEquals(RegionTree.Offered.Stale.class, tree.offer(region(1, "", "", 1, 2, 8)).getClass());
    assertEquals(
        RegionTree.Offered.Accepted.class, tree.offer(region(1, "", "", 1, 3, 7)).getClass());
  }

  @Test
  void lookupsKnowHolesAndNeighbours() {
    RegionTree tree = new RegionTree();
    tree.offer(region(1, "", "b", 2, 1, 1));
    tree.offer(region(2, "b", "d", 2, 1, 1));
    tree.offer(region(3, "f", "", 2, 1, 1));
    assertEquals(Optional.empty(), tree.find(Key.of("e")));
    assertEquals(2, tree.find(Key.of("b")).get().id());
    assertEquals(1, tree.findBefore(Key.of("c")).get().id());
    assertEquals(Optional.empty(), tree.findBefore(Key.of("a")));
    assertEquals(Optional.empty(), tree.findBefore(Key.of("g"))); // a hole before it
    assertEquals(
        List.of(2L, 3L),
        tree.scan(Key.of("c"), Key.EMPTY, 0).stream().map(RegionRecord::id).toList());
    assertEquals(
        List.of(1L), tree.scan(Key.EMPTY, Key.of("b"), 9).stream().map(RegionRecord::id).toList());
  }

  /** The same rule, written down as plainly as possible: a list, and a look at all of it. */
  private static final class DumbTree {
    private final List<RegionRecord> regions = new ArrayList<>();

    void offer(RegionRecord report) {
      for (RegionRecord known : regions) {
        boolean same = known.id() == report.id();
        if (same
            && (report.version() < known.version()
                || report.confVer() < known.confVer()
                || report.term() < known.term())) {
          return;
        }
        if (known.range().overlaps(report.range()) && report.version() < known.version()) {
          return;
        }
      }
      regions.removeIf(
          known -> known.id() == report.id() || known.range().overlaps(report.range()));
      regions.add(report);
      regions.sort(Comparator.comparing(each -> each.range().start()));
    }
  }

  @Test
  void agreesWithADumbModelOnRandomReports() {
    long seed = Long.getLong("seed", 4_711L);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      RegionTree tree = new RegionTree();
      DumbTree model = new DumbTree();
      for (int step = 0; step < 60; step++) {
        int from = random.nextInt(10);
        int to = from + 1 + random.nextInt(11 - from);
        RegionRecord report =
            region(
                1 + random.nextInt(8),
                from == 0 ? "" : "" + (char) ('a' + from),
                to > 10 ? "" : "" + (char) ('a' + to),
                1 + random.nextInt(6),
                1 + random.nextInt(3),
                1 + random.nextInt(3));
        tree.offer(report);
        model.offer(report);
        String where = "seed " + seed + " round " + round + " step " + step;
        assertEquals(model.regions, List.copyOf(tree.all()), where);
        Key key = Key.of("" + (char) ('a' + random.nextInt(12)));
        assertEquals(
            model.regions.stream().filter(each -> each.range().contains(key)).findFirst(),
            tree.find(key),
            where);
        for (long store = 1; store <= 3; store++) {
          long id = store;
          assertEquals(
              model.regions.stream().filter(each -> each.peerOn(id).isPresent()).count(),
              tree.peersOn(id).size(),
              where);
        }
        assertEquals(model.regions.size(), tree.withLeader(), where);
      }
    }
  }
}

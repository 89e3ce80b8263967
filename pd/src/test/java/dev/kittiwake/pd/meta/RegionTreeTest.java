package dev.kittiwake.pd.meta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import java.util.ArrayList;
import java.util.Collection;
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
    return show(tree.all());
  }

  private static String show(Collection<RegionRecord> regions) {
    return regions.stream()
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
    assertEquals(1, tree.locateBefore(Key.of("c")).get().id());
    assertEquals(Optional.empty(), tree.locateBefore(Key.of("a")));
    assertEquals(Optional.empty(), tree.locateBefore(Key.of("g"))); // a hole before it
    assertEquals(
        List.of(2L, 3L),
        tree.list(Key.of("c"), Key.EMPTY, 0).stream().map(RegionRecord::id).toList());
    assertEquals(
        List.of(1L), tree.list(Key.EMPTY, Key.of("b"), 9).stream().map(RegionRecord::id).toList());
  }

  private static String list(RegionTree tree) {
    return show(tree.list(Key.EMPTY, Key.EMPTY, 0));
  }

  @Test
  void whoeverAsksForKeysWithoutAReportIsLedToTheirLastOwner() {
    RegionTree tree = new RegionTree();
    tree.offer(region(1, "", "", 1, 1, 5));
    tree.offer(region(2, "d", "m", 3, 1, 6));
    assertEquals("2[d,m)v3", show(tree));
    assertEquals("1[,d)v1 2[d,m)v3 1[m,)v1", list(tree));
    assertEquals(1, tree.locate(Key.of("a")).get().id());
    assertEquals(10, tree.locate(Key.of("x")).get().leader().getId());
    assertEquals(Optional.empty(), tree.find(Key.of("x")));
    assertEquals("m", tree.locate(1).get().region().getStartKey().toStringUtf8()); // stays right
    assertEquals(2, tree.locateBefore(Key.of("z")).get().id());
    assertEquals(1, tree.locateBefore(Key.of("e")).get().id());
    tree.offer(region(1, "m", "", 3, 1, 5));
    assertEquals("1[,d)v1 2[d,m)v3 1[m,)v3", list(tree));
    tree.offer(region(3, "", "d", 3, 1, 6));
    assertEquals("3[,d)v3 2[d,m)v3 1[m,)v3", list(tree));
    assertEquals(List.of(), List.copyOf(tree.remains()));
  }

  @Test
  void anOldOwnerOfKeysWithoutAReportDoesNotComeBack() {
    RegionTree tree = new RegionTree();
    tree.offer(region(1, "", "", 4, 1, 5));
    tree.offer(region(2, "", "m", 5, 1, 6));
    assertEquals(
        RegionTree.Offered.Stale.class, tree.offer(region(3, "m", "", 3, 1, 9)).getClass());
    assertEquals("2[,m)v5 1[m,)v4", list(tree));
  }

  @Test
  void aRegionHasEndedWhenOthersHaveReportedAllItsKeys() {
    RegionTree tree = new RegionTree();
    tree.offer(region(1, "", "", 1, 1, 5));
    assertEquals(List.of(), ended(tree.offer(region(2, "", "m", 2, 1, 6))));
    assertEquals(List.of(), ended(tree.offer(region(3, "m", "t", 3, 1, 6))));
    assertEquals(List.of(1L), ended(tree.offer(region(4, "t", "", 3, 1, 6))));
    assertEquals(List.of(2L, 3L), ended(tree.offer(region(4, "", "", 4, 1, 6))));
  }

  private static List<Long> ended(RegionTree.Offered offered) {
    return ((RegionTree.Offered.Accepted) offered).ended();
  }

  @Test
  void aStoreIsSurelyEmptyOnlyIfAllKeysAreKnownToBeElsewhere() {
    RegionTree tree = new RegionTree();
    assertFalse(tree.isSurelyEmpty(2));
    tree.offer(region(1, "", "m", 1, 1, 5)); // on store 2
    assertFalse(tree.isSurelyEmpty(1), "nobody knows who has the keys from m on");
    tree.offer(region(3, "m", "", 1, 1, 5)); // on store 1
    assertTrue(tree.isSurelyEmpty(3));
    assertFalse(tree.isSurelyEmpty(1));
    tree.offer(region(2, "m", "t", 2, 1, 5)); // on store 3; the right half has yet to report
    assertFalse(tree.isSurelyEmpty(1));
    tree.offer(region(5, "t", "", 2, 1, 5)); // on store 3
    assertTrue(tree.isSurelyEmpty(1));
  }

  /** The same rule, written down as plainly as possible: a list, and a look at all of it. */
  private static final class DumbTree {
    private final List<RegionRecord> regions = new ArrayList<>();
    private final RegionRecord[] owners = new RegionRecord[12]; // of the keys from 'a' on

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
      List<Integer> mine = new ArrayList<>();
      for (int i = 0; i < owners.length; i++) {
        if (report.range().contains(key(i))) {
          if (owners[i] != null && report.version() < owners[i].version()) {
            return;
          }
          mine.add(i);
        }
      }
      mine.forEach(i -> owners[i] = report);
      regions.removeIf(
          known -> known.id() == report.id() || known.range().overlaps(report.range()));
      regions.add(report);
      regions.sort(Comparator.comparing(each -> each.range().start()));
    }

    static Key key(int i) {
      return Key.of("" + (char) ('a' + i));
    }
  }

  private static String name(Optional<RegionRecord> region) {
    return region.map(r -> r.id() + " v" + r.version() + "/" + r.confVer()).orElse("nobody");
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
        for (int i = 0; i < model.owners.length; i++) {
          RegionRecord owner = model.owners[i];
          Key at = DumbTree.key(i);
          assertEquals(name(Optional.ofNullable(owner)), name(tree.locate(at)), where);
          assertEquals(
              owner == null ? 0 : 1,
              tree.list(Key.EMPTY, Key.EMPTY, 0).stream()
                  .filter(each -> each.range().contains(at))
                  .count(),
              where);
        }
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

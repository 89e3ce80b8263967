package dev.kittiwake.simulation.invariant;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.pdpb.ScanRegionsRequest;
import dev.kittiwake.proto.pdpb.ScanRegionsResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.simulation.world.SimPd;
import dev.kittiwake.simulation.world.World;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The regions as the placement driver tells them to clients: they never overlap, and once
 * everything is quiet they are those that the stores lead.
 */
final class KnownRegions {
  private final World world;
  private List<Region> known = List.of(); // of the last answer
  private boolean asked;

  KnownRegions(World world) {
    this.world = world;
  }

  /** Asks the member that leads, if there is one; the answer is judged when it comes. */
  void check() {
    for (SimPd pd : world.pds()) {
      if (!asked && pd.server() != null && !pd.machine().isPaused() && pd.server().leads()) {
        ask(pd);
        return;
      }
    }
    asked = false; // a member may have died with the question
  }

  private void ask(SimPd pd) {
    ScanRegionsRequest request =
        ScanRegionsRequest.newBuilder()
            .setHeader(RequestHeader.newBuilder().setClusterId(pd.server().clusterId()))
            .build();
    asked = true;
    pd.server()
        .endpoint()
        .call(PdMethod.SCAN_REGIONS, request)
        .whenComplete(
            (answer, failure) -> {
              asked = false;
              if (failure == null && !answer.getHeader().hasError()) {
                judge(pd, answer);
              }
            });
  }

  private void judge(SimPd pd, ScanRegionsResponse answer) {
    known = answer.getRegionsList().stream().map(region -> region.getRegion()).toList();
    Key reached = Key.wrap(new byte[0]);
    boolean atEnd = false;
    for (Region region : known) {
      if (atEnd || Key.wrap(region.getStartKey().toByteArray()).compareTo(reached) < 0) {
        world.violate(
            "regions tile", pd.machine().name() + " knows overlapping regions: " + known, null);
        return;
      }
      atEnd = region.getEndKey().isEmpty();
      reached = Key.wrap(region.getEndKey().toByteArray());
    }
  }

  /** What the placement driver does not know yet of what the stores lead; empty = nothing. */
  String missing(Collection<RegionView> led) {
    Map<Long, Region> byId = new HashMap<>();
    known.forEach(region -> byId.put(region.getId(), region));
    ByteString end = ByteString.EMPTY;
    for (Region region : known) {
      if (!region.getStartKey().equals(end)) {
        return "the placement driver knows nobody for the keys before region " + region.getId();
      }
      end = region.getEndKey();
    }
    for (RegionView view : led) {
      Region region = byId.get(view.regionId());
      if (region == null || !region.getRegionEpoch().equals(view.region().getRegionEpoch())) {
        return "the placement driver does not know region " + view.region();
      }
    }
    return led.size() == known.size() ? "" : "the placement driver knows other regions: " + known;
  }
}

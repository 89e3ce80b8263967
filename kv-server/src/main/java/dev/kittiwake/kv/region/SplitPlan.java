package dev.kittiwake.kv.region;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.SplitCommand;
import dev.kittiwake.proto.store.SplitPiece;
import java.util.ArrayList;
import java.util.List;

/**
 * What a split makes of a region. Pure. With {@code n} split keys there are {@code n} new regions
 * and the old one: the rightmost piece keeps id and peers; every piece carries the old version plus
 * {@code n}; new pieces take over {@code conf_ver}, the stores and the roles of the peers, with new
 * peer ids.
 *
 * @param pieces all resulting regions, left to right; the last is the old one
 */
record SplitPlan(List<Region> pieces) {
  Region derived() {
    return pieces.get(pieces.size() - 1);
  }

  List<Region> created() {
    return pieces.subList(0, pieces.size() - 1);
  }

  /** Why {@code keys} cannot split {@code region}, or null: they must ascend strictly within it. */
  static String objection(Region region, List<Key> keys) {
    if (keys.isEmpty()) {
      return "there is no split key";
    }
    KeyRange range = Regions.range(region);
    Key previous = range.start();
    for (Key key : keys) {
      if (key.isEmpty() || key.compareTo(previous) <= 0) {
        return key.equals(range.start())
            ? "a split key is the start of the region"
            : "split keys must be different, ascending and not empty";
      }
      if (!range.contains(key)) {
        return "a split key lies outside of the region";
      }
      previous = key;
    }
    return null;
  }

  /**
   * The regions after {@code command}.
   *
   * @throws IllegalArgumentException if the command does not fit the region
   */
  static SplitPlan of(Region region, SplitCommand command) {
    List<Key> keys =
        command.getPiecesList().stream().map(p -> Regions.key(p.getSplitKey())).toList();
    String objection = objection(region, keys);
    if (objection != null) {
      throw new IllegalArgumentException(objection);
    }
    long version = region.getRegionEpoch().getVersion() + command.getPiecesCount();
    List<Region> pieces = new ArrayList<>();
    ByteString start = region.getStartKey();
    for (SplitPiece piece : command.getPiecesList()) {
      if (piece.getPeerIdsCount() != region.getPeersCount()) {
        throw new IllegalArgumentException(
            "region "
                + region.getId()
                + " has "
                + region.getPeersCount()
                + " peers, the split gives ids for "
                + piece.getPeerIdsCount());
      }
      Region.Builder child =
          region.toBuilder()
              .setId(piece.getRegionId())
              .setStartKey(start)
              .setEndKey(piece.getSplitKey())
              .clearPeers();
      child.getRegionEpochBuilder().setVersion(version);
      for (int i = 0; i < region.getPeersCount(); i++) {
        Peer peer = region.getPeers(i);
        child.addPeers(peer.toBuilder().setId(piece.getPeerIds(i)).setRole(peer.getRole()));
      }
      pieces.add(child.build());
      start = piece.getSplitKey();
    }
    Region.Builder derived = region.toBuilder().setStartKey(start);
    derived.getRegionEpochBuilder().setVersion(version);
    pieces.add(derived.build());
    return new SplitPlan(List.copyOf(pieces));
  }
}

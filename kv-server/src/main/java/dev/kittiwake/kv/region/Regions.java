package dev.kittiwake.kv.region;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;

/** Questions about a region's description. */
final class Regions {
  private Regions() {}

  static KeyRange range(Region region) {
    return new KeyRange(key(region.getStartKey()), key(region.getEndKey()));
  }

  static Key key(ByteString bytes) {
    return Key.wrap(bytes.toByteArray());
  }

  /** The peer of that id, or null. */
  static Peer peer(Region region, long peerId) {
    for (Peer peer : region.getPeersList()) {
      if (peer.getId() == peerId) {
        return peer;
      }
    }
    return null;
  }

  /** The peer on that store, or null. */
  static Peer peerOnStore(Region region, long storeId) {
    for (Peer peer : region.getPeersList()) {
      if (peer.getStoreId() == storeId) {
        return peer;
      }
    }
    return null;
  }

  /** A replica that has not received its first snapshot knows its id only. */
  static boolean isInitialized(Region region) {
    return region.getPeersCount() > 0;
  }

  static String describe(RegionEpoch epoch) {
    return epoch.getConfVer() + "/" + epoch.getVersion();
  }
}

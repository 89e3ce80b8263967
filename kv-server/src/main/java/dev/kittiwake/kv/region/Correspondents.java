package dev.kittiwake.kv.region;

import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the peers of a region live: its members as this replica knows them, and senders that it
 * does not know as members yet, because it lags. Confined to the store loop.
 */
final class Correspondents {
  private static final int MAX_STRANGERS = 64;

  private final Map<Long, Peer> strangers = new LinkedHashMap<>();

  /** The peer of that id, or null. */
  Peer find(Region region, long peerId) {
    Peer member = Regions.peer(region, peerId);
    return member == null ? strangers.get(peerId) : member;
  }

  void remember(Region region, Peer sender) {
    if (Regions.peer(region, sender.getId()) == null) {
      strangers.put(sender.getId(), sender);
      if (strangers.size() > MAX_STRANGERS) {
        strangers.remove(strangers.keySet().iterator().next());
      }
    }
  }

  /** Whether the sender was a member once and does not know that it no longer is. */
  static boolean isFormerMember(Region region, Envelope envelope) {
    return Regions.isInitialized(region)
        && Regions.peer(region, envelope.from().getId()) == null
        && envelope.epoch().getConfVer() < region.getRegionEpoch().getConfVer();
  }
}

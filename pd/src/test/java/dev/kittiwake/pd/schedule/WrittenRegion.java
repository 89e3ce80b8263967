package dev.kittiwake.pd.schedule;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.PeerRole;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.pdpb.PeerStats;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.TimeInterval;
import java.util.Locale;

/**
 * The report of a region as a line: {@code region 2 peers 1:11 2:12L leader 1}, with {@code
 * store:peer} and L for a learner, I incoming, D demoting. And, where wanted: {@code range a-m}
 * (else a range of its own by its id), {@code conf 3}, {@code version 2}, {@code pending 12},
 * {@code down 12 90s}, {@code damaged 12}, {@code size 96MiB}, {@code keys 100}, {@code reads 5MiB}
 * and {@code writes 5MiB} a second.
 */
final class WrittenRegion {
  private static final long SECONDS = 60; // between two reports

  private WrittenRegion() {}

  static RegionRecord parse(String[] words) {
    long id = Long.parseLong(words[1]);
    Region.Builder region =
        Region.newBuilder().setId(id).setStartKey(bound(id)).setEndKey(bound(id + 1));
    RegionHeartbeatRequest.Builder heartbeat =
        RegionHeartbeatRequest.newBuilder()
            .setTerm(1)
            .setApproximateSize(96 << 20)
            .setApproximateKeys(1_000_000)
            .setInterval(TimeInterval.newBuilder().setEndTimestamp(SECONDS));
    RegionEpoch.Builder epoch = RegionEpoch.newBuilder().setConfVer(1).setVersion(1);
    for (int i = 2; i < words.length; i++) {
      switch (words[i]) {
        case "conf" -> epoch.setConfVer(Long.parseLong(words[++i]));
        case "version" -> epoch.setVersion(Long.parseLong(words[++i]));
        case "range" -> {
          String[] keys = words[++i].split("-", -1);
          region
              .setStartKey(ByteString.copyFromUtf8(keys[0]))
              .setEndKey(ByteString.copyFromUtf8(keys[1]));
        }
        case "leader" -> {
          long store = Long.parseLong(words[++i]);
          region.getPeersList().stream()
              .filter(peer -> peer.getStoreId() == store)
              .forEach(heartbeat::setLeader);
        }
        case "pending" ->
            heartbeat.addPendingPeers(Peer.newBuilder().setId(Long.parseLong(words[++i])));
        case "down" ->
            heartbeat.addDownPeers(
                PeerStats.newBuilder()
                    .setPeer(Peer.newBuilder().setId(Long.parseLong(words[++i])))
                    .setDownSeconds(WrittenCluster.millis(words[++i]) / 1000));
        case "damaged" ->
            heartbeat.addDownPeers(
                PeerStats.newBuilder()
                    .setPeer(Peer.newBuilder().setId(Long.parseLong(words[++i])))
                    .setDownSeconds(1_000_000_000));
        case "size" -> heartbeat.setApproximateSize(bytes(words[++i]));
        case "keys" -> heartbeat.setApproximateKeys(Long.parseLong(words[++i]));
        case "reads" -> heartbeat.setBytesRead(bytes(words[++i]) * SECONDS);
        case "writes" -> heartbeat.setBytesWritten(bytes(words[++i]) * SECONDS);
        case "peers" -> {
          while (i + 1 < words.length && words[i + 1].contains(":")) {
            region.addPeers(peer(words[++i]));
          }
        }
        default -> throw new IllegalArgumentException("what is " + words[i] + " of a region?");
      }
    }
    return RegionRecord.of(heartbeat.setRegion(region.setRegionEpoch(epoch)).build());
  }

  private static ByteString bound(long id) {
    return ByteString.copyFromUtf8(String.format(Locale.ROOT, "r%06d", id));
  }

  private static long bytes(String text) {
    return ScheduleSetting.MAX_MERGE_REGION_SIZE.parse(text);
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
}

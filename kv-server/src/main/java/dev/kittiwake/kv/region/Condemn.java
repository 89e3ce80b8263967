package dev.kittiwake.kv.region;

import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.CondemnCommand;
import dev.kittiwake.proto.store.RegionCommand;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An entry that says whose data is damaged. A replica that finds itself named serves nothing from
 * then on, also after a restart, and hands a lead over; the leader reports it as down, so that the
 * placement driver replaces it.
 */
final class Condemn {
  private static final Logger LOG = LoggerFactory.getLogger(Condemn.class);

  private Condemn() {}

  static void propose(RegionReplica replica, Set<Long> peers) {
    replica
        .driver()
        .propose(
            EntryPayload.encode(
                RegionCommand.newBuilder()
                    .setEpoch(replica.face().region().getRegionEpoch())
                    .setCondemn(CondemnCommand.newBuilder().addAllPeerIds(peers))
                    .build()));
  }

  /** E.g. "peer 12 on store 4". */
  private static String describe(Region region, Set<Long> damaged) {
    return region.getPeersList().stream()
        .filter(peer -> damaged.contains(peer.getId()))
        .map(peer -> "peer " + peer.getId() + " on store " + peer.getStoreId())
        .collect(Collectors.joining(", "));
  }

  static void apply(
      ApplyRound round, RegionReplica replica, RegionApplier applier, RegionCommand command) {
    if (!MergePlan.sameEpoch(command.getEpoch(), applier.region().getRegionEpoch())) {
      return; // the next check will find it again
    }
    applier.damaged().addAll(command.getCondemn().getPeerIdsList());
    RegionRecords.put(round.batch(), applier.record());
    if (applier.damaged().contains(applier.peer().getId())) {
      replica.context().quarantine().add(replica.regionId());
    }
    Set<Long> damaged = Set.copyOf(applier.damaged());
    round.afterwards(round.engine()::syncLog);
    applier.onLoopAfterwards(
        round,
        () -> {
          if (!replica.isDestroyed()) {
            LOG.error(
                "store={} region={} event=replicas_differ {}: damaged replicas serve nothing and"
                    + " wait to be replaced",
                replica.context().storeId(),
                replica.regionId(),
                describe(replica.face().region(), damaged));
            replica.hashCheck().onCondemned(damaged);
          }
        });
  }
}

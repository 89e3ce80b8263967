package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.raft.Entry;
import java.util.List;
import java.util.Queue;

/**
 * Committed entries of a replica on their way to the engine, and the proposals among them.
 *
 * @param waiting the proposals that have not met their entry yet
 * @param all the proposals, whatever becomes of {@code waiting}
 */
record Applying(
    RegionReplica replica, List<Entry> committed, Queue<Pending> waiting, List<Pending> all)
    implements ApplyLoop.Task {
  @Override
  public void run(ApplyRound round) {
    replica.applier().apply(round, replica, committed, waiting);
  }

  @Override
  public void abandon() {
    Error error = RegionErrors.undetermined("the store failed before the write was applied");
    all.forEach(proposal -> proposal.fail(error));
  }
}

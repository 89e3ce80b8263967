package dev.kittiwake.raft.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.Heartbeat;
import dev.kittiwake.raft.HeartbeatReply;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.RaftConfig;
import dev.kittiwake.raft.SnapshotDescriptor;
import dev.kittiwake.raft.Vote;
import dev.kittiwake.raft.VoteReply;
import dev.kittiwake.raft.cluster.MemoryLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A replica whose log begins anew where its state machine stands. */
class RestartedLogTest {
  private static final LogPosition INITIAL = new LogPosition(5, 5);

  private final MemoryLog log = new MemoryLog();
  private final List<Message> sent = new ArrayList<>();
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private RaftDriver split;

  /** All that a group of three replicates is how far it is. */
  private static final class Position implements StateMachine {
    private final Restored restored;

    Position(Restored restored) {
      this.restored = restored;
    }

    @Override
    public Restored restored() {
      return restored;
    }

    @Override
    public void apply(List<Entry> committed) {
      throw new AssertionError("nothing is committed here: " + committed);
    }

    @Override
    public void install(SnapshotDescriptor snapshot) {
      throw new AssertionError("nobody sends " + snapshot);
    }

    @Override
    public Optional<SnapshotDescriptor> snapshot() {
      return Optional.empty();
    }

    @Override
    public void onReadReady(long requestId, long index) {}

    @Override
    public void onReadFailed(long requestId) {}

    @Override
    public void onLeaderChange(long term, long leader, boolean weLead) {}

    @Override
    public void onQuorumContact(long sentAtNanos) {}

    @Override
    public void onLeaseRevoked() {}
  }

  private RaftDriver replica(Restored restored) {
    return new RaftDriver(
        RaftConfig.of(1),
        log,
        new Position(restored),
        sent::add,
        new LoopContext(loop::add, () -> 0L, new SplittableRandom(1)));
  }

  private void diskWorks() {
    log.sync(100);
    while (!loop.isEmpty()) {
      loop.poll().run();
    }
  }

  private static Vote asks(long candidate) {
    return new Vote(candidate, 1, 6, INITIAL, INITIAL, false, Vote.NO_TRANSFER);
  }

  /**
   * The half of a split may vote before its store has come to the split. Its vote is on its way to
   * the disk when the split is applied and the replica is made anew. A power cut would take the
   * vote back, and leave a replica that has never run and may vote for anybody at once: so the
   * leader gets no answer that it could found a lease on before the vote is certain.
   */
  @Test
  void aLeaderIsAnsweredOnlyWhenTheVoteForItIsDurable() {
    voteAndBeMadeAnew();
    split.step(new Heartbeat(2, 1, 6, 5, 1));
    split.pump();
    assertEquals(List.of(), sent, "nothing is on the disk yet");

    diskWorks();
    assertEquals(List.of(new HeartbeatReply(1, 2, 6, 1)), sent);
  }

  @Test
  void noSecondVoteIsGivenInItsTerm() {
    voteAndBeMadeAnew();
    diskWorks();
    for (int i = 0; i < 100; i++) { // longer than it keeps silent
      split.tick();
    }
    split.step(asks(3));
    split.pump();
    diskWorks();
    assertTrue(sent.stream().noneMatch(m -> m instanceof VoteReply reply && reply.granted()));
  }

  private void voteAndBeMadeAnew() {
    RaftDriver early = replica(Restored.NOTHING);
    early.step(asks(2));
    early.pump();
    early.close();
    assertEquals(new HardState(6, 2, 0), log.hardState());
    assertEquals(List.of(), sent);
    split = replica(new Restored(INITIAL, Membership.of(1, 2, 3)));
  }
}

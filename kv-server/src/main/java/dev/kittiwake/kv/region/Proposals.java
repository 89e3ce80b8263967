package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;

/**
 * Who waits for entries that were proposed and are not yet applied. Confined to the store loop.
 *
 * <p>When leadership is lost, an entry may still be committed by the next leader: its proposer
 * waits a little longer, and is then told that the outcome is not known.
 */
final class Proposals {
  private static final Comparator<Pending> BY_PLACE =
      Comparator.comparingLong(Pending::index).thenComparingLong(Pending::term);

  private final ArrayDeque<Pending> waiting = new ArrayDeque<>(); // ascending by index, then term
  private long deadlineTick = Long.MAX_VALUE; // when the proposers of a lost leadership are told

  /**
   * Who leads again soon proposes at places where it has proposed before. Either of the two entries
   * may be the one that is committed.
   */
  void add(Pending proposal) {
    boolean inOrder = waiting.isEmpty() || waiting.peekLast().index() < proposal.index();
    waiting.add(proposal);
    if (!inOrder) {
      List<Pending> sorted = new ArrayList<>(waiting);
      sorted.sort(BY_PLACE);
      waiting.clear();
      waiting.addAll(sorted);
    }
  }

  /** Takes out those up to {@code index}, in order. */
  Queue<Pending> takeUpTo(long index) {
    Queue<Pending> taken = RegionApplier.nobody();
    while (!waiting.isEmpty() && waiting.peek().index() <= index) {
      taken.add(waiting.poll());
    }
    return taken;
  }

  void onLeaderLost(long tick, int answerTicks) {
    deadlineTick = waiting.isEmpty() ? Long.MAX_VALUE : tick + answerTicks;
  }

  /**
   * @param leadingTerm the term that this replica leads, or -1: proposals of it may yet succeed
   */
  void onTick(long tick, long leadingTerm, long regionId) {
    if (tick < deadlineTick) {
      return;
    }
    deadlineTick = Long.MAX_VALUE;
    Error error =
        RegionErrors.undetermined(
            "leadership of region " + regionId + " was lost before the write was confirmed");
    waiting.removeIf(
        proposal -> {
          boolean lost = proposal.term() != leadingTerm;
          if (lost) {
            proposal.fail(error);
          }
          return lost;
        });
  }

  void failAll(Error error) {
    waiting.forEach(proposal -> proposal.fail(error));
    waiting.clear();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }
}

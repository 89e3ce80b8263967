package dev.kittiwake.simulation.run;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * What must hold of a history even if clocks were so wrong that reads may be stale: its writes, and
 * what was read after everything was right again. A lost write shows in these.
 */
final class WritesOnly {
  private WritesOnly() {}

  /**
   * @param rightAgainNanos what began later may read
   */
  static History of(History history, long rightAgainNanos) {
    List<Operation> kept = new ArrayList<>();
    for (Operation each : history.operations()) {
      Operation writing = each.invokedNanos() >= rightAgainNanos ? each : withoutReads(each);
      if (writing != null) {
        kept.add(as(kept.size(), writing, writing.action(), writing.answer()));
      }
    }
    return History.of(kept);
  }

  /** Null if nothing is left of it. */
  private static Operation withoutReads(Operation each) {
    Action action = each.action();
    if (action instanceof Action.RawGet
        || action instanceof Action.ReadAccounts
        || action instanceof Action.ReadSet
        || each.answer() instanceof Answer.Swapped swapped && !swapped.swapped()) {
      return null;
    }
    return action instanceof Action.Txn txn ? withoutReads(each, txn) : each;
  }

  private static Operation withoutReads(Operation each, Action.Txn txn) {
    Answer.Committed answer = each.answer() instanceof Answer.Committed found ? found : null;
    List<Step> steps = new ArrayList<>();
    List<Seen> seen = new ArrayList<>();
    for (int i = 0; i < txn.steps().size(); i++) {
      Step step = txn.steps().get(i);
      if (step instanceof Step.ReadList || step instanceof Step.ReadRegister) {
        continue;
      }
      steps.add(step);
      if (answer != null) {
        seen.add(answer.seen().get(i));
      }
    }
    if (steps.isEmpty()) {
      return null;
    }
    return as(
        each.index(),
        each,
        new Action.Txn(steps, txn.isolation()),
        answer == null
            ? each.answer()
            : new Answer.Committed(seen, answer.startTs(), answer.commitTs()));
  }

  /** The same operation, at another place, with that action and answer. */
  static Operation as(int index, Operation each, Action action, Answer answer) {
    return new Operation(
        index,
        each.process(),
        action,
        answer,
        each.ending(),
        each.reason(),
        each.invokedAt(),
        each.endedAt(),
        each.invokedNanos(),
        each.endedNanos());
  }
}

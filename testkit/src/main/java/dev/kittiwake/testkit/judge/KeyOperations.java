package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The raw operations on one key as a search for an order needs them: what each needs to find there,
 * and what it leaves. Operations that certainly had no effect are left out; so are reads whose
 * answer never came.
 */
final class KeyOperations {
  /**
   * One operation.
   *
   * @param answered whether it certainly happened, before {@code endedAt}
   * @param needs the value it must find, if {@code looks}; null is absence
   * @param leaves the value it writes, if {@code writes}; null is absence
   */
  record Op(
      Operation operation,
      boolean answered,
      boolean looks,
      String needs,
      boolean writes,
      String leaves) {
    int invokedAt() {
      return operation.invokedAt();
    }

    int endedAt() {
      return answered ? operation.endedAt() : Integer.MAX_VALUE;
    }
  }

  private KeyOperations() {}

  /** By key, each list in the order of invocation. */
  static Map<String, List<Op>> byKey(List<Operation> operations) {
    Map<String, List<Op>> byKey = new TreeMap<>();
    for (Operation operation : operations) {
      String key = key(operation.action());
      Op op = key == null ? null : op(operation);
      if (op != null) {
        byKey.computeIfAbsent(key, none -> new ArrayList<>()).add(op);
      }
    }
    return byKey;
  }

  /** The key of a raw operation; null for other actions. */
  static String key(Action action) {
    if (action instanceof Action.RawGet) {
      return ((Action.RawGet) action).key();
    } else if (action instanceof Action.RawPut) {
      return ((Action.RawPut) action).key();
    } else if (action instanceof Action.RawDelete) {
      return ((Action.RawDelete) action).key();
    } else if (action instanceof Action.RawSwap) {
      return ((Action.RawSwap) action).key();
    }
    return null;
  }

  private static Op op(Operation operation) {
    boolean answered = operation.isOk();
    if (!answered && !operation.ending().isUnknown()) {
      return null;
    }
    Action action = operation.action();
    if (action instanceof Action.RawGet) {
      return answered
          ? new Op(operation, true, true, ((Answer.Value) operation.answer()).value(), false, null)
          : null;
    } else if (action instanceof Action.RawPut) {
      return new Op(operation, answered, false, null, true, ((Action.RawPut) action).value());
    } else if (action instanceof Action.RawDelete) {
      return new Op(operation, answered, false, null, true, null);
    }
    Action.RawSwap swap = (Action.RawSwap) action;
    if (!answered) {
      return new Op(operation, false, true, swap.expected(), true, swap.value());
    }
    Answer.Swapped swapped = (Answer.Swapped) operation.answer();
    return new Op(operation, true, true, swapped.previous(), swapped.swapped(), swap.value());
  }

  /**
   * A swap's own answer must make sense: swapped if and only if it found what it expected.
   *
   * @return the first that does not; null if all do
   */
  static Operation contradiction(List<Op> ops) {
    for (Op op : ops) {
      if (op.answered() && op.operation().action() instanceof Action.RawSwap) {
        String expected = ((Action.RawSwap) op.operation().action()).expected();
        if (Objects.equals(expected, op.needs()) != op.writes()) {
          return op.operation();
        }
      }
    }
    return null;
  }
}

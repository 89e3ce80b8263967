package dev.kittiwake.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Records what clients ask for and what they are told. Append-only and thread-safe.
 *
 * <p>Call {@link #invoke} before the request leaves and one of {@link #ok}, {@link #failed} and
 * {@link #undetermined} after its end is known: then the order of the calls is an order of real
 * time, which the judges use. An operation of which no end is recorded stays {@link Ending#OPEN}.
 */
public final class History {
  private final List<Operation> operations = new ArrayList<>(); // guarded by this
  private int events; // guarded by this; positions handed out so far

  public History() {}

  /** The history that consists of these operations, whose indexes and positions must fit. */
  public static History of(List<Operation> operations) {
    History history = new History();
    for (Operation operation : operations) {
      if (operation.index() != history.operations.size()) {
        throw new IllegalArgumentException(
            "operation " + operation.index() + " stands at place " + history.operations.size());
      }
      history.operations.add(operation);
      history.events = Math.max(history.events, operation.invokedAt() + 1);
      if (operation.ending() != Ending.OPEN) {
        history.events = Math.max(history.events, operation.endedAt() + 1);
      }
    }
    return history;
  }

  /**
   * @return the index of the new operation, for the call that ends it
   */
  public synchronized int invoke(int process, Action action, long nanos) {
    Objects.requireNonNull(action, "action");
    int index = operations.size();
    operations.add(
        new Operation(
            index,
            process,
            action,
            null,
            Ending.OPEN,
            "",
            events++,
            Integer.MAX_VALUE,
            nanos,
            Long.MAX_VALUE));
    return index;
  }

  /** The operation happened. */
  public void ok(int index, Answer answer, long nanos) {
    end(index, Ending.OK, Objects.requireNonNull(answer, "answer"), "", nanos);
  }

  /** The operation certainly had no effect and never will. If in doubt, it is undetermined. */
  public void failed(int index, String reason, long nanos) {
    end(index, Ending.FAILED, null, reason, nanos);
  }

  /** The operation may have had its effect, may have it later, or never. */
  public void undetermined(int index, String reason, long nanos) {
    end(index, Ending.UNDETERMINED, null, reason, nanos);
  }

  /**
   * Like {@link #undetermined(int, String, long)}, for a transaction whose reads are known and
   * whose commit is not: should others have seen its writes, its reads count as well.
   */
  public void undetermined(int index, Answer reads, String reason, long nanos) {
    end(index, Ending.UNDETERMINED, reads, reason, nanos);
  }

  private synchronized void end(
      int index, Ending ending, Answer answer, String reason, long nanos) {
    Operation open = operations.get(index);
    if (open.ending() != Ending.OPEN) {
      throw new IllegalStateException(
          "operation " + index + " has ended " + open.ending() + " already, now " + ending);
    }
    operations.set(
        index,
        new Operation(
            index,
            open.process(),
            open.action(),
            answer,
            ending,
            reason,
            open.invokedAt(),
            events++,
            open.invokedNanos(),
            nanos));
  }

  /** All operations so far, in the order of invocation. A copy. */
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  public synchronized int size() {
    return operations.size();
  }
}

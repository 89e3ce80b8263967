package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Operations as one line for people. */
public final class Describe {
  private Describe() {}

  /** For example {@code T12 (process 3, events 40–44, ok): read x = [1, 2]; append x 3}. */
  public static String operation(Operation operation) {
    StringBuilder text = new StringBuilder(name(operation));
    text.append(" (process ").append(operation.process());
    text.append(", events ").append(operation.invokedAt()).append('–');
    text.append(operation.endedAt() == Integer.MAX_VALUE ? "…" : operation.endedAt());
    text.append(", ").append(operation.ending().name().toLowerCase(Locale.ROOT));
    if (!operation.reason().isEmpty()) {
      text.append(": ").append(operation.reason());
    }
    return text.append("): ").append(action(operation)).toString();
  }

  /** The name by which explanations call an operation: {@code T12}. */
  public static String name(Operation operation) {
    return "T" + operation.index();
  }

  private static String action(Operation operation) {
    if (operation.action() instanceof Action.Txn) {
      return transaction(operation);
    }
    String asked = plain(operation.action());
    return operation.answer() == null || operation.answer() instanceof Answer.Done
        ? asked
        : asked + " = " + answer(operation.answer());
  }

  private static String plain(Action action) {
    if (action instanceof Action.RawGet) {
      return "get " + ((Action.RawGet) action).key();
    } else if (action instanceof Action.RawPut) {
      Action.RawPut put = (Action.RawPut) action;
      return "put " + put.key() + " " + put.value();
    } else if (action instanceof Action.RawDelete) {
      return "delete " + ((Action.RawDelete) action).key();
    } else if (action instanceof Action.RawSwap) {
      Action.RawSwap swap = (Action.RawSwap) action;
      return "swap " + swap.key() + " from " + absentOr(swap.expected()) + " to " + swap.value();
    } else if (action instanceof Action.Transfer) {
      Action.Transfer transfer = (Action.Transfer) action;
      return "transfer " + transfer.amount() + " from " + transfer.from() + " to " + transfer.to();
    } else if (action instanceof Action.ReadAccounts) {
      return "read all accounts";
    } else if (action instanceof Action.AddElement) {
      Action.AddElement add = (Action.AddElement) action;
      return "add " + add.element() + " to set " + add.set();
    } else if (action instanceof Action.ReadSet) {
      return "read set " + ((Action.ReadSet) action).set();
    }
    return "take " + ((Action.TakeTimestamps) action).count() + " timestamps";
  }

  private static String answer(Answer answer) {
    if (answer instanceof Answer.Value) {
      return absentOr(((Answer.Value) answer).value());
    } else if (answer instanceof Answer.Swapped) {
      Answer.Swapped swapped = (Answer.Swapped) answer;
      return (swapped.swapped() ? "swapped" : "not swapped")
          + ", was "
          + absentOr(swapped.previous());
    } else if (answer instanceof Answer.Balances) {
      return ((Answer.Balances) answer).balances().toString();
    } else if (answer instanceof Answer.Elements) {
      return ((Answer.Elements) answer).elements().toString();
    } else if (answer instanceof Answer.Timestamps) {
      Answer.Timestamps range = (Answer.Timestamps) answer;
      return range.first() + "…" + range.last();
    }
    return answer.toString();
  }

  private static String transaction(Operation operation) {
    List<Step> steps = ((Action.Txn) operation.action()).steps();
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Seen seen =
          operation.answer() instanceof Answer.Committed
              ? ((Answer.Committed) operation.answer()).seen().get(i)
              : Seen.NOTHING;
      parts.add(step(steps.get(i), seen));
    }
    String text = String.join("; ", parts);
    if (operation.answer() instanceof Answer.Committed) {
      Answer.Committed committed = (Answer.Committed) operation.answer();
      return committed.startTs() == 0
          ? text
          : text + " @" + committed.startTs() + "-" + committed.commitTs();
    }
    return text;
  }

  private static String step(Step step, Seen seen) {
    if (step instanceof Step.Append) {
      return "append " + step.key() + " " + ((Step.Append) step).element();
    } else if (step instanceof Step.WriteRegister) {
      return "write " + step.key() + " " + ((Step.WriteRegister) step).value();
    } else if (step instanceof Step.Increment) {
      return "increment " + step.key() + seen(seen);
    }
    boolean locking =
        step instanceof Step.ReadList
            ? ((Step.ReadList) step).locking()
            : ((Step.ReadRegister) step).locking();
    return "read " + step.key() + (locking ? " for update" : "") + seen(seen);
  }

  private static String seen(Seen seen) {
    if (seen instanceof Seen.Elements) {
      return " = " + ((Seen.Elements) seen).elements();
    } else if (seen instanceof Seen.Register) {
      Long value = ((Seen.Register) seen).value();
      return " = " + (value == null ? "absent" : value.toString());
    }
    return "";
  }

  private static String absentOr(String value) {
    return value == null ? "absent" : value;
  }
}

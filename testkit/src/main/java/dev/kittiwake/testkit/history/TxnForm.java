package dev.kittiwake.testkit.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Transactions as Elle reads them: {@code value} is a list of {@code [:append k 1]}, {@code [:w k
 * 1]}, {@code [:r k nil]} and, when answered, {@code [:r k [1 2]]} or {@code [:r k 1]}. What that
 * leaves open stands beside it: {@code steps} names each step, {@code seen} tells the steps that
 * returned something.
 */
final class TxnForm {
  private TxnForm() {}

  static void write(Action.Txn txn, Answer.Committed answer, Map<String, Object> event) {
    List<Object> value = new ArrayList<>();
    List<Object> names = new ArrayList<>();
    List<Object> seen = new ArrayList<>();
    for (int i = 0; i < txn.steps().size(); i++) {
      Seen returned = answer == null ? Seen.NOTHING : answer.seen().get(i);
      value.add(microOperation(txn.steps().get(i), returned));
      names.add(new Word(name(txn.steps().get(i))));
      seen.add(!(returned instanceof Seen.Nothing));
    }
    event.put("f", new Word("txn"));
    event.put("value", value);
    event.put("steps", names);
    event.put("isolation", new Word(txn.isolation().name().toLowerCase(Locale.ROOT)));
    if (answer != null) {
      event.put("seen", seen);
      event.put("start-ts", answer.startTs());
      event.put("commit-ts", answer.commitTs());
    }
  }

  private static Object microOperation(Step step, Seen seen) {
    if (step instanceof Step.Append) {
      return Arrays.asList(new Word("append"), step.key(), ((Step.Append) step).element());
    } else if (step instanceof Step.WriteRegister) {
      return Arrays.asList(new Word("w"), step.key(), ((Step.WriteRegister) step).value());
    }
    Object value = null;
    if (seen instanceof Seen.Elements) {
      value = ((Seen.Elements) seen).elements();
    } else if (seen instanceof Seen.Register) {
      value = ((Seen.Register) seen).value();
    }
    return Arrays.asList(
        new Word(step instanceof Step.Increment ? "increment" : "r"), step.key(), value);
  }

  private static String name(Step step) {
    if (step instanceof Step.Append) {
      return "append";
    } else if (step instanceof Step.WriteRegister) {
      return "write";
    } else if (step instanceof Step.Increment) {
      return "increment";
    } else if (step instanceof Step.ReadList) {
      return ((Step.ReadList) step).locking() ? "read-list-for-update" : "read-list";
    }
    return ((Step.ReadRegister) step).locking() ? "read-for-update" : "read";
  }

  static Action action(Map<String, Object> event) {
    List<?> names = ActionForm.list(event.get("steps"));
    List<?> values = ActionForm.list(event.get("value"));
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      List<?> micro = ActionForm.list(values.get(i));
      steps.add(step(Word.text(names.get(i)), (String) micro.get(1), micro.get(2)));
    }
    String isolation = Word.text(event.get("isolation"));
    return new Action.Txn(steps, Isolation.valueOf(isolation.toUpperCase(Locale.ROOT)));
  }

  private static Step step(String name, String key, Object value) {
    switch (name) {
      case "append":
        return new Step.Append(key, (Long) value);
      case "write":
        return new Step.WriteRegister(key, (Long) value);
      case "increment":
        return new Step.Increment(key);
      case "read-list":
        return new Step.ReadList(key, false);
      case "read-list-for-update":
        return new Step.ReadList(key, true);
      case "read":
        return new Step.ReadRegister(key, false);
      case "read-for-update":
        return new Step.ReadRegister(key, true);
      default:
        throw new IllegalArgumentException("unknown step " + name);
    }
  }

  static Answer answer(Action.Txn txn, Map<String, Object> event) {
    List<?> values = ActionForm.list(event.get("value"));
    List<?> seen = ActionForm.list(event.get("seen"));
    List<Seen> returned = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Object value = ActionForm.list(values.get(i)).get(2);
      if (!(Boolean) seen.get(i)) {
        returned.add(Seen.NOTHING);
      } else if (txn.steps().get(i) instanceof Step.ReadList) {
        returned.add(new Seen.Elements(ActionForm.longs(value)));
      } else {
        returned.add(new Seen.Register((Long) value));
      }
    }
    return new Answer.Committed(
        returned, Events.number(event, "start-ts"), Events.number(event, "commit-ts"));
  }
}

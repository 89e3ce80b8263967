package dev.kittiwake.testkit.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Actions and answers as entries of an event: {@code f}, {@code value} and a few of our own. */
final class ActionForm {
  private ActionForm() {}

  /** Adds the entries of an action, and of its answer if there is one. */
  static void write(Action action, Answer answer, Map<String, Object> event) {
    if (action instanceof Action.Txn) {
      TxnForm.write((Action.Txn) action, (Answer.Committed) answer, event);
    } else if (action instanceof Action.RawGet) {
      Object value = answer == null ? null : ((Answer.Value) answer).value();
      entries(event, "read", pair(((Action.RawGet) action).key(), value));
    } else if (action instanceof Action.RawPut) {
      Action.RawPut put = (Action.RawPut) action;
      entries(event, "write", pair(put.key(), put.value()));
    } else if (action instanceof Action.RawDelete) {
      entries(event, "write", pair(((Action.RawDelete) action).key(), null));
    } else if (action instanceof Action.RawSwap) {
      Action.RawSwap swap = (Action.RawSwap) action;
      entries(event, "cas", pair(swap.key(), pair(swap.expected(), swap.value())));
      if (answer != null) {
        event.put("previous", ((Answer.Swapped) answer).previous());
      }
    } else {
      writeOther(action, answer, event);
    }
  }

  private static void writeOther(Action action, Answer answer, Map<String, Object> event) {
    if (action instanceof Action.Transfer) {
      Action.Transfer transfer = (Action.Transfer) action;
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("from", transfer.from());
      value.put("to", transfer.to());
      value.put("amount", transfer.amount());
      entries(event, "transfer", value);
    } else if (action instanceof Action.ReadAccounts) {
      entries(event, "read-accounts", answer == null ? null : balances((Answer.Balances) answer));
      event.put("accounts", new ArrayList<Object>(((Action.ReadAccounts) action).accounts()));
    } else if (action instanceof Action.AddElement) {
      entries(event, "add", ((Action.AddElement) action).element());
      event.put("set", ((Action.AddElement) action).set());
    } else if (action instanceof Action.ReadSet) {
      List<Long> elements = answer == null ? null : ((Answer.Elements) answer).elements();
      entries(event, "read-set", elements);
      event.put("set", ((Action.ReadSet) action).set());
    } else {
      Answer.Timestamps range = (Answer.Timestamps) answer;
      entries(event, "timestamps", range == null ? null : pair(range.first(), range.last()));
      event.put("count", (long) ((Action.TakeTimestamps) action).count());
    }
  }

  private static Object balances(Answer.Balances answer) {
    List<Object> pairs = new ArrayList<>();
    answer.balances().forEach((account, balance) -> pairs.add(pair(account, balance)));
    return pairs;
  }

  private static void entries(Map<String, Object> event, String f, Object value) {
    event.put("f", new Word(f));
    event.put("value", value);
  }

  private static List<Object> pair(Object first, Object second) {
    return Arrays.asList(first, second);
  }

  static Action action(Map<String, Object> event) {
    Object value = event.get("value");
    switch (Word.text(event.get("f"))) {
      case "txn":
        return TxnForm.action(event);
      case "read":
        return new Action.RawGet((String) list(value).get(0));
      case "write":
        String key = (String) list(value).get(0);
        String written = (String) list(value).get(1);
        return written == null ? new Action.RawDelete(key) : new Action.RawPut(key, written);
      case "cas":
        List<?> values = list(list(value).get(1));
        return new Action.RawSwap(
            (String) list(value).get(0), (String) values.get(0), (String) values.get(1));
      case "transfer":
        Map<?, ?> transfer = (Map<?, ?>) value;
        return new Action.Transfer(
            (String) transfer.get("from"),
            (String) transfer.get("to"),
            (Long) transfer.get("amount"));
      case "read-accounts":
        List<String> accounts = new ArrayList<>();
        list(event.get("accounts")).forEach(account -> accounts.add((String) account));
        return new Action.ReadAccounts(accounts);
      case "add":
        return new Action.AddElement((String) event.get("set"), (Long) value);
      case "read-set":
        return new Action.ReadSet((String) event.get("set"));
      case "timestamps":
        return new Action.TakeTimestamps((int) Events.number(event, "count"));
      default:
        throw new IllegalArgumentException("unknown f in " + event);
    }
  }

  static Answer answer(Action action, Map<String, Object> event) {
    Object value = event.get("value");
    if (action instanceof Action.Txn) {
      return TxnForm.answer((Action.Txn) action, event);
    } else if (action instanceof Action.RawGet) {
      return new Answer.Value((String) list(value).get(1));
    } else if (action instanceof Action.RawSwap) {
      boolean swapped = Word.text(event.get("type")).equals("ok");
      return new Answer.Swapped(swapped, (String) event.get("previous"));
    } else if (action instanceof Action.ReadAccounts) {
      Map<String, Long> balances = new TreeMap<>();
      list(value)
          .forEach(pair -> balances.put((String) list(pair).get(0), (Long) list(pair).get(1)));
      return new Answer.Balances(balances);
    } else if (action instanceof Action.ReadSet) {
      return new Answer.Elements(longs(value));
    } else if (action instanceof Action.TakeTimestamps) {
      return new Answer.Timestamps((Long) list(value).get(0), (Long) list(value).get(1));
    }
    return Answer.DONE;
  }

  static List<?> list(Object value) {
    return (List<?>) value;
  }

  static List<Long> longs(Object value) {
    List<Long> longs = new ArrayList<>();
    list(value).forEach(element -> longs.add((Long) element));
    return longs;
  }
}

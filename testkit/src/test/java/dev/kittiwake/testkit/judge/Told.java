package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Isolation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Histories told in lines of text, in the words of {@link Describe}. Each line is an operation that
 * begins when the one before has ended; a line that starts with {@code +} runs beside the lines
 * above it: those of a group all begin before the first of them ends. {@code -> failed} and {@code
 * -> unknown} end a line that did not go well; {@code @10-12} gives start and commit timestamp.
 */
final class Told {
  private static final Pattern TIMESTAMPS = Pattern.compile(" @(\\d+)-(\\d+)$");

  private record Line(Action action, Answer answer, String ending) {}

  private final History history;
  private long nanos;

  private Told(History history) {
    this.history = history;
  }

  static History of(List<String> lines) {
    History history = new History();
    tell(history, lines);
    return history;
  }

  /** Goes on with a history in which other things may be under way. */
  static void tell(History history, List<String> lines) {
    Told told = new Told(history);
    List<Line> group = new ArrayList<>();
    for (String line : lines) {
      if (!line.startsWith("+")) {
        told.run(group);
        group.clear();
      }
      group.add(parse(line.startsWith("+") ? line.substring(1).strip() : line.strip()));
    }
    told.run(group);
  }

  private void run(List<Line> group) {
    List<Integer> indexes = new ArrayList<>();
    for (Line line : group) {
      indexes.add(history.invoke(indexes.size(), line.action(), nanos++));
    }
    for (int i = 0; i < group.size(); i++) {
      Line line = group.get(i);
      if (line.ending().equals("failed")) {
        history.failed(indexes.get(i), "conflict", nanos++);
      } else if (!line.ending().equals("unknown")) {
        history.ok(indexes.get(i), line.answer(), nanos++);
      } else if (line.answer() instanceof Answer.Committed) {
        history.undetermined(indexes.get(i), line.answer(), "no answer", nanos++);
      } else {
        history.undetermined(indexes.get(i), "no answer", nanos++);
      }
    }
  }

  private static Line parse(String line) {
    int arrow = line.indexOf(" -> ");
    String ending = arrow < 0 ? "ok" : line.substring(arrow + 4);
    String text = arrow < 0 ? line : line.substring(0, arrow);
    Line raw = raw(text, ending);
    return raw != null ? raw : transaction(text, ending);
  }

  private static Line raw(String text, String ending) {
    Matcher m;
    if ((m = match("get (\\S+)(?: = (\\S+))?", text)) != null) {
      return new Line(new Action.RawGet(m.group(1)), new Answer.Value(value(m.group(2))), ending);
    } else if ((m = match("put (\\S+) (\\S+)", text)) != null) {
      return new Line(new Action.RawPut(m.group(1), m.group(2)), Answer.DONE, ending);
    } else if ((m = match("delete (\\S+)", text)) != null) {
      return new Line(new Action.RawDelete(m.group(1)), Answer.DONE, ending);
    } else if ((m = match("swap (\\S+) from (\\S+) to (\\S+)(?: = (.*), was (\\S+))?", text))
        != null) {
      Action swap = new Action.RawSwap(m.group(1), value(m.group(2)), m.group(3));
      boolean swapped = "swapped".equals(m.group(4));
      return new Line(swap, new Answer.Swapped(swapped, value(m.group(5))), ending);
    } else if ((m = match("transfer (\\d+) from (\\S+) to (\\S+)", text)) != null) {
      Action transfer = new Action.Transfer(m.group(2), m.group(3), Long.parseLong(m.group(1)));
      return new Line(transfer, Answer.DONE, ending);
    } else if ((m = match("read all accounts = \\{(.*)}", text)) != null) {
      Map<String, Long> balances = balances(m.group(1));
      Action read = new Action.ReadAccounts(List.copyOf(balances.keySet()));
      return new Line(read, new Answer.Balances(balances), ending);
    } else if ((m = match("add (\\d+) to set (\\S+)", text)) != null) {
      Action add = new Action.AddElement(m.group(2), Long.parseLong(m.group(1)));
      return new Line(add, Answer.DONE, ending);
    } else if ((m = match("read set (\\S+) = (.*)", text)) != null) {
      return new Line(
          new Action.ReadSet(m.group(1)), new Answer.Elements(elements(m.group(2))), ending);
    } else if ((m = match("take (\\d+) timestamps = (\\d+)…(\\d+)", text)) != null) {
      Answer range = new Answer.Timestamps(number(m.group(2)), number(m.group(3)));
      return new Line(new Action.TakeTimestamps(Integer.parseInt(m.group(1))), range, ending);
    }
    return null;
  }

  private static Line transaction(String line, String ending) {
    Matcher timestamps = TIMESTAMPS.matcher(line);
    boolean known = timestamps.find();
    String text = known ? line.substring(0, timestamps.start()) : line;
    List<Step> steps = new ArrayList<>();
    List<Seen> seen = new ArrayList<>();
    for (String step : text.split("; ")) {
      Matcher m;
      if ((m = match("append (\\S+) (\\d+)", step)) != null) {
        steps.add(new Step.Append(m.group(1), number(m.group(2))));
        seen.add(Seen.NOTHING);
      } else if ((m = match("write (\\S+) (\\d+)", step)) != null) {
        steps.add(new Step.WriteRegister(m.group(1), number(m.group(2))));
        seen.add(Seen.NOTHING);
      } else if ((m = match("increment (\\S+)(?: = (\\d+))?", step)) != null) {
        steps.add(new Step.Increment(m.group(1)));
        seen.add(m.group(2) == null ? Seen.NOTHING : new Seen.Register(number(m.group(2))));
      } else if ((m = match("read (\\S+)( for update)? = (.*)", step)) != null) {
        boolean locking = m.group(2) != null;
        boolean list = m.group(3).startsWith("[");
        steps.add(
            list
                ? new Step.ReadList(m.group(1), locking)
                : new Step.ReadRegister(m.group(1), locking));
        String value = value(m.group(3));
        seen.add(
            list
                ? new Seen.Elements(elements(value))
                : new Seen.Register(value == null ? null : number(value)));
      } else {
        throw new IllegalArgumentException("what is \"" + step + "\"?");
      }
    }
    long start = known ? number(timestamps.group(1)) : 0;
    long commit = known ? number(timestamps.group(2)) : 0;
    return new Line(
        new Action.Txn(steps, Isolation.OPTIMISTIC),
        new Answer.Committed(seen, start, commit),
        ending);
  }

  private static Matcher match(String regex, String text) {
    Matcher matcher = Pattern.compile(regex).matcher(text);
    return matcher.matches() ? matcher : null;
  }

  private static String value(String text) {
    return text == null || text.equals("absent") ? null : text;
  }

  private static long number(String text) {
    return Long.parseLong(text);
  }

  static Map<String, Long> balances(String text) {
    Map<String, Long> balances = new TreeMap<>();
    for (String pair : text.split(", ")) {
      balances.put(pair.split("=")[0], number(pair.split("=")[1]));
    }
    return balances;
  }

  private static List<Long> elements(String text) {
    List<Long> elements = new ArrayList<>();
    for (String element : text.substring(1, text.length() - 1).split(",")) {
      if (!element.isBlank()) {
        elements.add(number(element.strip()));
      }
    }
    return elements;
  }
}

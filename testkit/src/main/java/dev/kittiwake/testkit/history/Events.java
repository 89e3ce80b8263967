package dev.kittiwake.testkit.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A history as a list of events, each a map, which {@link Edn} and {@link JsonLines} write down:
 * one event when an operation is asked for and one when it ends. The keys are those of Jepsen
 * ({@code index}, {@code time}, {@code process}, {@code type}, {@code f}, {@code value}, {@code
 * error}), and {@code op} and {@code client}, which keep our index and process.
 *
 * <p>Outside judges take it that a process does nothing more once one of its operations is
 * undetermined. So {@code process} counts on from the largest number whenever that happens.
 */
final class Events {
  private Events() {}

  private record Event(Operation operation, boolean begins) {
    int position() {
      return begins ? operation.invokedAt() : operation.endedAt();
    }
  }

  static List<Map<String, Object>> of(History history) {
    List<Event> events = new ArrayList<>();
    int fresh = 0;
    for (Operation operation : history.operations()) {
      events.add(new Event(operation, true));
      if (operation.ending() != Ending.OPEN) {
        events.add(new Event(operation, false));
      }
      fresh = Math.max(fresh, operation.process() + 1);
    }
    events.sort(Comparator.comparingInt(Event::position));
    Map<Integer, Integer> processes = new TreeMap<>(); // of a client, now
    List<Map<String, Object>> maps = new ArrayList<>();
    for (Event event : events) {
      int client = event.operation().process();
      int process = processes.computeIfAbsent(client, same -> same);
      maps.add(map(event, process));
      if (!event.begins() && event.operation().ending() == Ending.UNDETERMINED) {
        processes.put(client, fresh++);
      }
    }
    return maps;
  }

  private static Map<String, Object> map(Event event, int process) {
    Operation operation = event.operation();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("index", (long) event.position());
    map.put("time", event.begins() ? operation.invokedNanos() : operation.endedNanos());
    map.put("process", (long) process);
    map.put("client", (long) operation.process());
    map.put("op", (long) operation.index());
    if (event.begins()) {
      map.put("type", new Word("invoke"));
      ActionForm.write(operation.action(), null, map);
      return map;
    }
    map.put("type", new Word(type(operation)));
    ActionForm.write(operation.action(), operation.answer(), map);
    if (!operation.isOk()) {
      map.put("error", operation.reason());
    } else if (isRefusedSwap(operation)) {
      map.put("error", new Word("not-swapped"));
    }
    return map;
  }

  private static String type(Operation operation) {
    switch (operation.ending()) {
      case OK:
        return isRefusedSwap(operation) ? "fail" : "ok";
      case FAILED:
        return "fail";
      default:
        return "info";
    }
  }

  /** Models of compare-and-set know no successful "not equal"; a failed operation says as much. */
  private static boolean isRefusedSwap(Operation operation) {
    return operation.answer() instanceof Answer.Swapped
        && !((Answer.Swapped) operation.answer()).swapped();
  }

  /**
   * @throws IllegalArgumentException for events that are not ours; the message names the event
   */
  static History history(List<Map<String, Object>> events) {
    TreeMap<Long, Operation> operations = new TreeMap<>();
    for (Map<String, Object> event : events) {
      try {
        long index = number(event, "op");
        Operation open = operations.get(index);
        operations.put(index, open == null ? begun(event) : ended(open, event));
      } catch (ClassCastException | NullPointerException | IndexOutOfBoundsException wrong) {
        throw new IllegalArgumentException("not an event of a history: " + event, wrong);
      }
    }
    return History.of(new ArrayList<>(operations.values()));
  }

  private static Operation begun(Map<String, Object> event) {
    return new Operation(
        (int) number(event, "op"),
        (int) number(event, "client"),
        ActionForm.action(event),
        null,
        Ending.OPEN,
        "",
        (int) number(event, "index"),
        Integer.MAX_VALUE,
        number(event, "time"),
        Long.MAX_VALUE);
  }

  private static Operation ended(Operation open, Map<String, Object> event) {
    Ending ending = ending(event);
    boolean answered = ending == Ending.OK || event.containsKey("seen");
    return new Operation(
        open.index(),
        open.process(),
        open.action(),
        answered ? ActionForm.answer(open.action(), event) : null,
        ending,
        ending == Ending.OK ? "" : (String) event.get("error"),
        open.invokedAt(),
        (int) number(event, "index"),
        open.invokedNanos(),
        number(event, "time"));
  }

  private static Ending ending(Map<String, Object> event) {
    switch (Word.text(event.get("type"))) {
      case "ok":
        return Ending.OK;
      case "fail":
        return event.containsKey("previous") ? Ending.OK : Ending.FAILED;
      case "info":
        return Ending.UNDETERMINED;
      default:
        throw new IllegalArgumentException("operation ends twice or as what? " + event);
    }
  }

  static long number(Map<String, Object> event, String key) {
    return (Long) event.get(key);
  }
}

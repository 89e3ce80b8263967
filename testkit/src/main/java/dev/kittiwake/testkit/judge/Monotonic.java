package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Ending;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counters that transactions increment: they only grow, for everybody and in real time; no two
 * increments make the same value; and a read shows every increment acknowledged before it began,
 * and none that began after it ended.
 */
public final class Monotonic implements Judge {
  /** What one operation says of a counter. */
  private record Sight(Operation operation, int increments, Long value) {}

  @Override
  public Verdict judge(History history) {
    Map<String, List<Sight>> counters = new TreeMap<>();
    for (Operation operation : history.operations()) {
      if (operation.action() instanceof Action.Txn && operation.ending() != Ending.FAILED) {
        sights(operation)
            .forEach(
                (key, sight) ->
                    counters.computeIfAbsent(key, none -> new ArrayList<>()).add(sight));
      }
    }
    for (Map.Entry<String, List<Sight>> counter : counters.entrySet()) {
      if (counter.getValue().stream().anyMatch(sight -> sight.increments() > 0)) {
        Verdict broken = counter(counter.getKey(), counter.getValue());
        if (broken != null) {
          return broken;
        }
      }
    }
    return Verdict.holds();
  }

  /** By key: how often incremented, and the last value known. */
  private static Map<String, Sight> sights(Operation operation) {
    List<Step> steps = ((Action.Txn) operation.action()).steps();
    Map<String, Sight> sights = new TreeMap<>();
    for (int i = 0; i < steps.size(); i++) {
      boolean increment = steps.get(i) instanceof Step.Increment;
      if (!increment && !(steps.get(i) instanceof Step.ReadRegister)) {
        continue;
      }
      Long value = null;
      if (operation.isOk()) {
        Seen seen = ((Answer.Committed) operation.answer()).seen().get(i);
        if (seen instanceof Seen.Register) {
          Long read = ((Seen.Register) seen).value();
          value = read == null ? Long.valueOf(0) : read;
        }
      }
      Sight before = sights.getOrDefault(steps.get(i).key(), new Sight(operation, 0, null));
      Long known = value != null ? value : increment ? null : before.value();
      sights.put(
          steps.get(i).key(),
          new Sight(operation, before.increments() + (increment ? 1 : 0), known));
    }
    return sights;
  }

  private static Verdict counter(String key, List<Sight> sights) {
    Map<Long, Sight> makers = new HashMap<>();
    for (Sight sight : sights) {
      if (sight.increments() > 0 && sight.value() != null) {
        Sight other = makers.put(sight.value(), sight);
        if (other != null) {
          return broken(
              Rule.LOST_UPDATE,
              String.format(
                  "%s and %s both incremented %s to %d",
                  name(other), name(sight), key, sight.value()),
              other,
              sight);
        }
      }
    }
    return inOrder(key, sights);
  }

  /**
   * Goes through the events. What begins now must see the largest value seen by those that ended,
   * and all increments acknowledged; what ends now cannot have seen more than were begun.
   */
  private static Verdict inOrder(String key, List<Sight> sights) {
    record Event(int position, Sight sight, boolean begins) {}
    List<Event> events = new ArrayList<>();
    for (Sight sight : sights) {
      events.add(new Event(sight.operation().invokedAt(), sight, true));
      if (sight.operation().isOk()) {
        events.add(new Event(sight.operation().endedAt(), sight, false));
      }
    }
    events.sort(Comparator.comparingInt(Event::position));
    Sight largest = null;
    Sight lastAcknowledged = null;
    long acknowledged = 0;
    long begun = 0;
    for (Event event : events) {
      Sight sight = event.sight();
      if (event.begins()) {
        begun += sight.increments();
        if (sight.value() == null) {
          continue;
        }
        long before = sight.value() - sight.increments();
        if (largest != null && before < largest.value()) {
          return broken(
              Rule.NOT_MONOTONIC,
              String.format(
                  "%s found %s at %d, although %s had ended with %d before",
                  name(sight), key, before, name(largest), largest.value()),
              largest,
              sight);
        } else if (before < acknowledged) {
          return broken(
              Rule.LOST_WRITE,
              String.format(
                  "%s found %s at %d, although %d increments were acknowledged before it began,"
                      + " the last by %s",
                  name(sight), key, before, acknowledged, name(lastAcknowledged)),
              lastAcknowledged,
              sight);
        }
      } else {
        if (sight.increments() > 0) {
          acknowledged += sight.increments();
          lastAcknowledged = sight;
        }
        if (sight.value() != null && sight.value() > begun) {
          return broken(
              Rule.DUPLICATE_ELEMENT,
              String.format(
                  "%s found %s at %d, but only %d increments had begun: one counted twice",
                  name(sight), key, sight.value(), begun),
              sight);
        }
        if (sight.value() != null && (largest == null || sight.value() > largest.value())) {
          largest = sight;
        }
      }
    }
    return null;
  }

  private static String name(Sight sight) {
    return Describe.name(sight.operation());
  }

  private static Verdict broken(Rule rule, String explanation, Sight... sights) {
    List<Operation> operations = new ArrayList<>();
    for (Sight sight : sights) {
      operations.add(sight.operation());
    }
    return new Verdict.Broken(rule, explanation, operations);
  }
}

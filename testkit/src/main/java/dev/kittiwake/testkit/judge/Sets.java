package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Ending;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was added to a set stays in it: a read shows every element whose addition was acknowledged,
 * or which another read showed, before it began; no element twice, none that nobody added, and none
 * whose addition failed.
 */
public final class Sets implements Judge {
  @Override
  public Verdict judge(History history) {
    Map<String, Map<Long, Operation>> adds = new TreeMap<>();
    Map<String, List<Operation>> reads = new TreeMap<>();
    for (Operation operation : history.operations()) {
      if (operation.action() instanceof Action.AddElement) {
        Action.AddElement add = (Action.AddElement) operation.action();
        adds.computeIfAbsent(add.set(), none -> new LinkedHashMap<>())
            .put(add.element(), operation);
      } else if (operation.action() instanceof Action.ReadSet && operation.isOk()) {
        reads
            .computeIfAbsent(((Action.ReadSet) operation.action()).set(), none -> new ArrayList<>())
            .add(operation);
      }
    }
    for (Map.Entry<String, List<Operation>> set : reads.entrySet()) {
      Map<Long, Operation> ofSet = adds.getOrDefault(set.getKey(), Map.of());
      for (Operation read : set.getValue()) {
        Verdict broken = shown(set.getKey(), read, ofSet);
        if (broken != null) {
          return broken;
        }
      }
      Verdict broken = missing(set.getKey(), set.getValue(), ofSet);
      if (broken != null) {
        return broken;
      }
    }
    return Verdict.holds();
  }

  private static List<Long> elements(Operation read) {
    return ((Answer.Elements) read.answer()).elements();
  }

  private static Verdict shown(String set, Operation read, Map<Long, Operation> adds) {
    Set<Long> distinct = new HashSet<>();
    for (Long element : elements(read)) {
      Operation add = adds.get(element);
      String sentence = Describe.name(read) + " found " + element + " in set " + set;
      if (add == null || read.endedBefore(add)) {
        return broken(Rule.GARBAGE_READ, sentence + ", which nobody had added", read);
      } else if (add.ending() == Ending.FAILED) {
        return broken(
            Rule.G1A,
            sentence + ", but " + Describe.name(add) + ", which was to add it, failed",
            add,
            read);
      } else if (!distinct.add(element)) {
        return broken(Rule.DUPLICATE_ELEMENT, sentence + " twice", add, read);
      }
    }
    return null;
  }

  /** Elements that a read should show and does not. */
  private static Verdict missing(String set, List<Operation> reads, Map<Long, Operation> adds) {
    List<Set<Long>> shown = new ArrayList<>();
    Map<Long, Operation> firstSeen =
        new HashMap<>(); // the read that ended first of those showing it
    Map<Long, Integer> lastSeen = new HashMap<>(); // where the newest read showing it began
    for (Operation read : reads) {
      shown.add(new HashSet<>(elements(read)));
      for (Long element : elements(read)) {
        firstSeen.merge(element, read, (a, b) -> a.endedAt() <= b.endedAt() ? a : b);
        lastSeen.merge(element, read.invokedAt(), Math::max);
      }
    }
    for (Map.Entry<Long, Operation> add : adds.entrySet()) {
      Long element = add.getKey();
      Operation sure = add.getValue().isOk() ? add.getValue() : null;
      Operation seen = firstSeen.get(element);
      if (seen != null && (sure == null || seen.endedAt() < sure.endedAt())) {
        sure = seen;
      }
      for (int i = 0; sure != null && i < reads.size(); i++) {
        if (sure.endedBefore(reads.get(i)) && !shown.get(i).contains(element)) {
          boolean again = lastSeen.getOrDefault(element, -1) > reads.get(i).invokedAt();
          return broken(
              again ? Rule.STALE_READ : Rule.LOST_WRITE,
              String.format(
                  "%s did not find %d in set %s, which %s had %s before; %s",
                  Describe.name(reads.get(i)),
                  element,
                  set,
                  Describe.name(sure),
                  sure == add.getValue() ? "added" : "found there",
                  again ? "a later read found it again" : "nobody found it after that"),
              sure,
              reads.get(i));
        }
      }
    }
    return null;
  }

  private static Verdict broken(Rule rule, String explanation, Operation... operations) {
    return new Verdict.Broken(rule, explanation, List.of(operations));
  }
}

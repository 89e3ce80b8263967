package dev.kittiwake.testkit.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Ending;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opensearch.cluster.coordination.LinearizabilityChecker;

/**
 * Our judge of linearizability against one that others wrote: they agree on thousands of histories,
 * right and wrong.
 */
class SecondOpinionTest {
  private static final long SEED = Long.getLong("seed", 20_261_122L);
  private static final int HISTORIES_EACH = 800;

  /**
   * One key; states and answers are values, {@code ABSENT} for none, {@code UNKNOWN} for no answer.
   */
  private static final class OneKey implements LinearizabilityChecker.SequentialSpec {
    private static final Object ABSENT = "(absent)";
    private static final Object UNKNOWN = "(unknown)";

    @Override
    public Object initialState() {
      return ABSENT;
    }

    @Override
    public Optional<Object> nextState(Object state, Object input, Object output) {
      if (input instanceof Action.RawGet) {
        return output == UNKNOWN || state.equals(value(((Answer.Value) output).value()))
            ? Optional.of(state)
            : Optional.empty();
      } else if (input instanceof Action.RawPut) {
        return Optional.of(((Action.RawPut) input).value());
      } else if (input instanceof Action.RawDelete) {
        return Optional.of(ABSENT);
      }
      Action.RawSwap swap = (Action.RawSwap) input;
      boolean swaps = state.equals(value(swap.expected()));
      if (output != UNKNOWN) {
        Answer.Swapped answer = (Answer.Swapped) output;
        if (answer.swapped() != swaps || !state.equals(value(answer.previous()))) {
          return Optional.empty();
        }
      }
      return Optional.of(swaps ? swap.value() : state);
    }

    private static Object value(String value) {
      return value == null ? ABSENT : value;
    }
  }

  private static boolean otherJudgeHolds(History history) {
    Map<String, List<Operation>> byKey = new HashMap<>();
    for (Operation operation : history.operations()) {
      if (operation.ending() != Ending.FAILED) {
        byKey
            .computeIfAbsent(KeyOperations.key(operation.action()), none -> new ArrayList<>())
            .add(operation);
      }
    }
    return byKey.values().stream().allMatch(SecondOpinionTest::holdsForKey);
  }

  private static boolean holdsForKey(List<Operation> operations) {
    record Event(int position, Operation operation, boolean begins) {}
    List<Event> events = new ArrayList<>();
    for (Operation operation : operations) {
      events.add(new Event(operation.invokedAt(), operation, true));
      if (operation.isOk()) {
        events.add(new Event(operation.endedAt(), operation, false));
      }
    }
    events.sort(Comparator.comparingInt(Event::position));
    LinearizabilityChecker.History theirs = new LinearizabilityChecker.History();
    Map<Integer, Integer> ids = new HashMap<>();
    for (Event event : events) {
      Operation operation = event.operation();
      if (event.begins()) {
        ids.put(operation.index(), theirs.invoke(operation.action()));
      } else {
        theirs.respond(ids.get(operation.index()), operation.answer());
      }
    }
    return new LinearizabilityChecker()
        .isLinearizable(new OneKey(), theirs, input -> OneKey.UNKNOWN);
  }

  @ParameterizedTest
  @EnumSource(RandomRegisters.Lie.class)
  void bothJudgesAgree(RandomRegisters.Lie lie) {
    int broken = 0;
    for (long seed = SEED; seed < SEED + HISTORIES_EACH; seed++) {
      int clients = 2 + (int) (seed % 4);
      History history = new RandomRegisters(seed, clients, 2, lie, 12).run(40);
      Verdict verdict = new Linearizability().judge(history);
      String told = "seed " + seed + ", " + lie + ": " + verdict;
      assertEquals(otherJudgeHolds(history), !verdict.isBroken(), told);
      if (verdict.isBroken()) {
        broken++;
        assertTrue(showsItself((Verdict.Broken) verdict, history), told);
      } else {
        assertEquals(List.of(), ((Verdict.Holds) verdict).notes(), told);
      }
    }
    if (lie == RandomRegisters.Lie.NONE) {
      assertEquals(0, broken);
    } else {
      assertTrue(broken > HISTORIES_EACH / 10, lie + " was seen in " + broken);
      assertFalse(broken == HISTORIES_EACH, lie + " was seen in all");
    }
  }

  /**
   * The operations that are shown are few and still have no order by themselves, told to the other
   * judge as the first judge saw them: what had not ended when the proof was complete is open.
   */
  private static boolean showsItself(Verdict.Broken broken, History history) {
    if (broken.rule() == Rule.GARBAGE_READ || broken.rule() == Rule.G1A) {
      return broken.operations().size() <= 2;
    }
    assertTrue(broken.operations().size() <= 25, broken.toString());
    int end =
        broken.operations().stream()
            .filter(operation -> operation.isOk() && looks(operation))
            .mapToInt(Operation::endedAt)
            .max()
            .orElseThrow();
    History cut = new History();
    record Event(int position, Operation operation, boolean begins) {}
    List<Event> events = new ArrayList<>();
    for (Operation operation : history.operations()) {
      if (broken.operations().contains(operation)) {
        events.add(new Event(operation.invokedAt(), operation, true));
        if (operation.isOk() && operation.endedAt() <= end) {
          events.add(new Event(operation.endedAt(), operation, false));
        }
      }
    }
    events.sort(Comparator.comparingInt(Event::position));
    Map<Operation, Integer> indexes = new HashMap<>();
    for (Event event : events) {
      Operation operation = event.operation();
      if (event.begins()) {
        indexes.put(operation, cut.invoke(operation.process(), operation.action(), 0));
      } else {
        cut.ok(indexes.get(operation), operation.answer(), 0);
      }
    }
    return Objects.equals(false, otherJudgeHolds(cut));
  }

  private static boolean looks(Operation operation) {
    return operation.action() instanceof Action.RawGet
        || operation.action() instanceof Action.RawSwap;
  }
}

package dev.kittiwake.testkit.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histories as long as an hour of chaos writes are judged while one waits. */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // far above what it takes: against an exponent
class LargeHistoriesTest {
  private static final long SEED = Long.getLong("seed", 20_261_122L);

  @Test
  void fiftyThousandTransactions() {
    for (Level level : List.of(Level.STRONG_SNAPSHOT, Level.PESSIMISTIC)) {
      RandomTransactions clients =
          new RandomTransactions(SEED, level, EnumSet.noneOf(ModelStore.Bug.class));
      clients.run(50_000);
      assertEquals(List.of(), new Cycles(level).findings(clients.history()), "seed " + SEED);
    }
  }

  @Test
  void oneAnomalyAmongFiftyThousandTransactions() {
    RandomTransactions clients =
        new RandomTransactions(SEED, Level.STRONG_SNAPSHOT, EnumSet.noneOf(ModelStore.Bug.class));
    clients.run(25_000);
    Told.tell(
        clients.history(),
        List.of("append x 1; append y 2", "+ read x = [1]; read y = []", "read y = [2]"));
    clients.run(25_000);
    Verdict verdict = new Cycles(Level.STRONG_SNAPSHOT).judge(clients.history());
    assertEquals(Rule.G_SINGLE, ((Verdict.Broken) verdict).rule(), "seed " + SEED);
    assertEquals(2, ((Verdict.Broken) verdict).operations().size());
  }

  @Test
  void aHundredThousandRawOperationsOnManyKeys() {
    History history = new RandomRegisters(SEED, 12, 50, RandomRegisters.Lie.NONE, 1).run(100_000);
    assertEquals(Verdict.holds(), new Linearizability().judge(history), "seed " + SEED);
  }

  @Test
  void aStaleReadAmongThousandsOnOneKeyIsShownInAFewLines() {
    History history = new RandomRegisters(SEED, 12, 1, RandomRegisters.Lie.NONE, 1).run(5_000);
    Told.tell(history, List.of("put k0 a", "put k0 b", "get k0 = b", "get k0 = a"));
    Verdict.Broken broken = (Verdict.Broken) new Linearizability().judge(history);
    assertEquals(Rule.STALE_READ, broken.rule());
    assertTrue(broken.operations().size() <= 3, broken.toString());
  }

  /** Writes whose answers were lost stay pending for ever; they must not cost an exponent. */
  @Test
  void aThousandWritesWithoutAnswer() {
    History history = new History();
    for (int i = 0; i < 1_000; i++) {
      history.undetermined(
          history.invoke(i, new Action.RawPut("k", "lost" + i), 0), "no answer", 0);
    }
    for (int i = 0; i < 1_000; i++) {
      history.ok(history.invoke(0, new Action.RawPut("k", "kept" + i), 0), Answer.DONE, 0);
      String found = i % 2 == 0 ? "kept" + i : "lost" + (i / 2);
      history.ok(history.invoke(0, new Action.RawGet("k"), 0), new Answer.Value(found), 0);
    }
    assertEquals(Verdict.holds(), new Linearizability().judge(history));
  }
}

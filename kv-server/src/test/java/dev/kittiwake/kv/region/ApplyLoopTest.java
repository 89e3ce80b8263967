package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.MemoryEngine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The apply loop shares its executor with the answers to clients. */
class ApplyLoopTest {
  private static final long MILLI = 1_000_000;

  private final MemoryEngine engine = new MemoryEngine();
  private final Queue<Runnable> executor = new ArrayDeque<>();
  private final List<Integer> done = new ArrayList<>();
  private final List<Throwable> faults = new ArrayList<>();
  private long now;
  private final ApplyLoop loop = new ApplyLoop(engine, executor::add, () -> now, faults::add);

  private ApplyLoop.Task taking(long millis, int number) {
    return round -> {
      now += millis * MILLI;
      round.batch().put(Family.RAFT, new byte[] {(byte) number}, new byte[] {1});
      done.add(number);
    };
  }

  private void runAll() {
    for (Runnable next = executor.poll(); next != null; next = executor.poll()) {
      next.run();
    }
  }

  @Test
  void anAnswerLeavesBetweenTheTurnsOfALongQueue() {
    for (int number = 0; number < 100; number++) {
      loop.add(taking(40, number));
      loop.flush();
    }
    List<Integer> doneBefore = new ArrayList<>();
    executor.add(() -> doneBefore.addAll(done)); // an answer to a client
    executor.poll().run();
    executor.poll().run();
    assertEquals(List.of(0), doneBefore, "the answer waited for more than a turn");
    runAll();
    assertEquals(100, done.size());
    for (int number = 0; number < 100; number++) {
      assertEquals(number, done.get(number), "out of order");
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void whatATurnHasAppliedIsWrittenWithIt() {
    loop.add(taking(40, 1));
    loop.flush();
    loop.add(taking(40, 2));
    loop.flush();
    executor.poll().run();
    assertEquals(1, engine.get(Family.RAFT, new byte[] {1}).length);
    assertNull(engine.get(Family.RAFT, new byte[] {2}));
    runAll();
    assertEquals(1, engine.get(Family.RAFT, new byte[] {2}).length);
  }

  @Test
  void whatTakesNoTimeGoesInOneTurn() {
    for (int number = 0; number < 100; number++) {
      loop.add(taking(0, number));
      loop.flush();
    }
    executor.poll().run();
    assertEquals(100, done.size());
    assertTrue(executor.isEmpty(), "a turn with nothing to do");
  }

  @Test
  void anExecutorThatRunsAtOnceAppliesAtOnce() {
    ApplyLoop inline = new ApplyLoop(engine, Runnable::run, () -> now, faults::add);
    for (int number = 0; number < 3; number++) {
      inline.add(taking(40, number));
      inline.flush();
      assertEquals(number + 1, done.size());
    }
  }

  @Test
  void afterAFaultEverybodyWhoWaitsIsToldAndNobodyRuns() {
    List<Integer> abandoned = new ArrayList<>();
    loop.add(
        round -> {
          now += 40 * MILLI;
          throw new IllegalStateException("a fault");
        });
    loop.flush();
    for (int number = 1; number < 4; number++) {
      int mine = number;
      loop.add(
          new ApplyLoop.Task() {
            @Override
            public void run(ApplyRound round) {
              done.add(mine);
            }

            @Override
            public void abandon() {
              abandoned.add(mine);
            }
          });
      loop.flush();
    }
    runAll();
    assertEquals(1, faults.size());
    assertEquals(List.of(), done);
    assertEquals(List.of(1, 2, 3), abandoned);
  }
}

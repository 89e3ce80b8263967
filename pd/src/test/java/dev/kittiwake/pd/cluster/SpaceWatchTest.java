package dev.kittiwake.pd.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A store fills up and is emptied; people hear of it once each time. */
class SpaceWatchTest {
  private final SpaceWatch watch = new SpaceWatch();

  @Test
  void aStoreThatFillsUpIsToldOnce() {
    assertEquals(Optional.empty(), watch.look(3, 0.79, 0.8));
    String line = watch.look(3, 0.81, 0.8).orElseThrow();
    assertTrue(line.startsWith("event=low_space store=3 used=81.0%: above 80.0%"), line);
    assertTrue(line.contains("schedule.low-space-ratio"), line);
    assertEquals(Optional.empty(), watch.look(3, 0.82, 0.8));
  }

  @Test
  void soIsItsReturn() {
    watch.look(3, 0.81, 0.8);
    assertEquals(Optional.of("event=space_again store=3 used=70.0%"), watch.look(3, 0.7, 0.8));
    assertEquals(Optional.empty(), watch.look(3, 0.7, 0.8));
    assertTrue(watch.look(3, 0.9, 0.8).isPresent());
  }

  @Test
  void aHigherLimitEndsTheWant() {
    watch.look(3, 0.81, 0.8);
    assertTrue(watch.look(3, 0.81, 0.99).orElseThrow().startsWith("event=space_again"));
  }

  @Test
  void aNewLeaderTellsAgain() {
    watch.look(3, 0.81, 0.8);
    watch.clear();
    assertTrue(watch.look(3, 0.81, 0.8).isPresent());
  }
}

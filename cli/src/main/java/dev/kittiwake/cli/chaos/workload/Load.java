package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import java.util.List;
import java.util.random.RandomGenerator;

/** One kind of client: draws actions and carries them out. Thread-safe. */
public interface Load {
  String name();

  /** Writes what must be there before the first action. Repeatable. */
  default void prepare(ClusterClient client) {}

  /**
   * Draws the next action.
   *
   * @param number unique among all actions of this load, growing: for values that must be unique
   */
  Action next(RandomGenerator random, long number);

  /**
   * Carries {@code action} out and returns what it answered.
   *
   * @throws dev.kittiwake.client.error.KvException as the client does
   * @throws NothingDone if it was found that nothing was to be done, and nothing was
   */
  Answer carryOut(ClusterClient client, Action action);

  /** Who judges the history. */
  List<NamedJudge> judges();
}

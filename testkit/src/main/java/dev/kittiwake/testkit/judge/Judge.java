package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.History;

/** Decides whether a history keeps one promise. Stateless: may judge any number of histories. */
public interface Judge {
  /** Looks at the actions this judge knows and ignores the others. */
  Verdict judge(History history);
}

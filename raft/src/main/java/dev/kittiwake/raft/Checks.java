package dev.kittiwake.raft;

import java.util.function.Supplier;

/** Assertions that stay on: a broken promise stops this replica, which the protocol survives. */
final class Checks {
  private Checks() {}

  static void check(boolean holds, Supplier<String> facts) {
    if (!holds) {
      throw new IllegalStateException(facts.get());
    }
  }
}

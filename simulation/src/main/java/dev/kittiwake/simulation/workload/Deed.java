package dev.kittiwake.simulation.workload;

import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import java.util.concurrent.CompletableFuture;

/** One operation about to be done: what the history says of it, and how it is done. */
interface Deed {
  Action action();

  /** Begins on the client's machine; the future ends as the client ends. */
  CompletableFuture<Answer> begin(SimClient client);
}

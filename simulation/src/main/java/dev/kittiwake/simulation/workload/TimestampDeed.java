package dev.kittiwake.simulation.workload;

import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import java.util.concurrent.CompletableFuture;

/** A timestamp, or several one after another. */
record TimestampDeed(int count) implements Deed {
  @Override
  public Action action() {
    return new Action.TakeTimestamps(1);
  }

  @Override
  public CompletableFuture<Answer> begin(SimClient client) {
    return client.client().pd().timestamp().thenApply(ts -> new Answer.Timestamps(ts, ts));
  }
}

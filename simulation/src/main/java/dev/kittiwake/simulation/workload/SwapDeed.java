package dev.kittiwake.simulation.workload;

import static dev.kittiwake.simulation.workload.RawDeed.bytes;

import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import java.util.concurrent.CompletableFuture;

/**
 * Operations on raw keys that are also swapped: the writes say so. A swap expects a value that some
 * process has written lately, so that some succeed.
 */
record SwapDeed(Action action) implements Deed {
  static SwapDeed draw(Choice choice) {
    String key = choice.key("swap");
    int kind = choice.below(10);
    if (kind < 3) {
      return new SwapDeed(new Action.RawGet(key));
    }
    long value = choice.value();
    if (kind < 5) {
      return new SwapDeed(new Action.RawPut(key, "v" + value));
    }
    String expected = choice.below(6) == 0 ? null : "v" + (value - 1 - choice.below(8));
    return new SwapDeed(new Action.RawSwap(key, expected, "v" + value));
  }

  @Override
  public CompletableFuture<Answer> begin(SimClient client) {
    if (action instanceof Action.RawGet get) {
      return client.raw().get(bytes(get.key())).thenApply(RawDeed::value);
    }
    if (action instanceof Action.RawPut put) {
      return client
          .raw()
          .atomic()
          .put(bytes(put.key()), bytes(put.value()), 0)
          .thenApply(done -> Answer.DONE);
    }
    Action.RawSwap swap = (Action.RawSwap) action;
    byte[] expected = swap.expected() == null ? null : bytes(swap.expected());
    return client
        .raw()
        .atomic()
        .compareAndSwap(bytes(swap.key()), expected, bytes(swap.value()), 0)
        .thenApply(done -> new Answer.Swapped(done.swapped(), RawDeed.text(done.previous())));
  }
}

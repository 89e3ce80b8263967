package dev.kittiwake.simulation.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import java.util.concurrent.CompletableFuture;

/** A raw read, write or deletion. */
record RawDeed(Action action) implements Deed {
  static RawDeed draw(Choice choice) {
    String key = choice.key("raw");
    int kind = choice.below(10);
    if (kind < 4) {
      return new RawDeed(new Action.RawGet(key));
    }
    return new RawDeed(
        kind < 9 ? new Action.RawPut(key, "v" + choice.value()) : new Action.RawDelete(key));
  }

  @Override
  public CompletableFuture<Answer> begin(SimClient client) {
    if (action instanceof Action.RawGet get) {
      return client.raw().get(bytes(get.key())).thenApply(RawDeed::value);
    }
    if (action instanceof Action.RawPut put) {
      return client.raw().put(bytes(put.key()), bytes(put.value()), 0).thenApply(d -> Answer.DONE);
    }
    return client
        .raw()
        .delete(bytes(((Action.RawDelete) action).key()))
        .thenApply(d -> Answer.DONE);
  }

  static Answer value(byte[] found) {
    return new Answer.Value(text(found));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, UTF_8);
  }
}

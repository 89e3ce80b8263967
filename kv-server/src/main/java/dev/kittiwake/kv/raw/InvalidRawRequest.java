package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.api.KvHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A raw request that can never succeed: its message becomes the response's error string. */
final class InvalidRawRequest extends RuntimeException {
  InvalidRawRequest(String message) {
    super(message, null, false, false);
  }

  /** {@code handler}, with refusals turned into responses by {@code answer}. */
  static <Q, R> KvHandler<Q, R> answering(Function<String, R> answer, KvHandler<Q, R> handler) {
    return request -> {
      try {
        return handler.handle(request);
      } catch (InvalidRawRequest refused) {
        return CompletableFuture.completedFuture(answer.apply(refused.getMessage()));
      }
    };
  }
}

package dev.kittiwake.kv.api;

import java.util.concurrent.CompletableFuture;

/**
 * Answers one kind of request. Thread-safe; must not block. What the protocol can say inside a
 * response is said there; a failed future means a broken promise of ours or a stopped store.
 */
@FunctionalInterface
public interface KvHandler<Q, R> {
  CompletableFuture<R> handle(Q request);
}

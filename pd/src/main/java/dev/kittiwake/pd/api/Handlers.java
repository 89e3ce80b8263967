package dev.kittiwake.pd.api;

import dev.kittiwake.proto.rpc.PdMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The calls by method. Filled once, then only read. */
final class Handlers {
  /** Who may answer, and when. */
  enum Scope {
    /** Any member, at any time. */
    ANYWHERE,
    /** The leader. */
    LEADER,
    /** The leader, once the cluster has its first store and region. */
    BOOTSTRAPPED
  }

  record Handler<Q, R>(
      Scope scope, Envelope<Q, R> envelope, Function<Q, CompletableFuture<R>> body) {}

  private final Map<PdMethod<?, ?>, Handler<?, ?>> handlers = new LinkedHashMap<>();

  <Q, R> void add(PdMethod<Q, R> method, Scope scope, Function<Q, R> body) {
    addAsync(method, scope, request -> CompletableFuture.completedFuture(body.apply(request)));
  }

  <Q, R> void addAsync(PdMethod<Q, R> method, Scope scope, Function<Q, CompletableFuture<R>> body) {
    if (handlers.put(method, new Handler<>(scope, new Envelope<>(method), body)) != null) {
      throw new IllegalStateException("two handlers for " + method);
    }
  }

  @SuppressWarnings("unchecked")
  <Q, R> Handler<Q, R> find(PdMethod<Q, R> method) {
    return (Handler<Q, R>) handlers.get(method);
  }
}

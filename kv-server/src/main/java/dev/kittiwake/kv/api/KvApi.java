package dev.kittiwake.kv.api;

import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import io.grpc.Status;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A store's service: routes each call to its handler and knows nothing else. Thread-safe. */
public final class KvApi implements KvEndpoint {
  private final Map<KvMethod<?, ?>, KvHandler<?, ?>> handlers;

  private KvApi(Map<KvMethod<?, ?>, KvHandler<?, ?>> handlers) {
    this.handlers = handlers;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Whether this store answers {@code method} at all. */
  public boolean serves(KvMethod<?, ?> method) {
    return handlers.containsKey(method);
  }

  @Override
  public <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request) {
    @SuppressWarnings("unchecked") // only Builder.on fills the map, with matching types
    KvHandler<Q, R> handler = (KvHandler<Q, R>) handlers.get(method);
    if (handler == null) {
      return CompletableFuture.failedFuture(
          Status.UNIMPLEMENTED
              .withDescription(method + " is not served by this store")
              .asRuntimeException());
    }
    try {
      return handler.handle(request);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  /** Collects the handlers. */
  public static final class Builder {
    private final Map<KvMethod<?, ?>, KvHandler<?, ?>> handlers = new IdentityHashMap<>();

    private Builder() {}

    public <Q, R> Builder on(KvMethod<Q, R> method, KvHandler<Q, R> handler) {
      if (handlers.put(method, handler) != null) {
        throw new IllegalArgumentException(method + " has two handlers");
      }
      return this;
    }

    public KvApi build() {
      return new KvApi(new IdentityHashMap<>(handlers));
    }
  }
}

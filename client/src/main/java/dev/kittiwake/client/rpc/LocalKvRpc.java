package dev.kittiwake.client.rpc;

import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stores in this JVM by address. A call is a method call on the caller's thread: a read that needs
 * no waiting is answered before {@code call} returns. Thread-safe.
 */
public final class LocalKvRpc implements KvRpc {
  private final Map<String, KvEndpoint> stores = new ConcurrentHashMap<>();

  /** Makes {@code store} reachable at {@code address}; replaces what was there. */
  public void register(String address, KvEndpoint store) {
    stores.put(address, store);
  }

  /** From now on calls to {@code address} fail with UNAVAILABLE. */
  public void unregister(String address) {
    stores.remove(address);
  }

  @Override
  public KvEndpoint endpoint(String address) {
    return new KvEndpoint() {
      @Override
      public <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request) {
        KvEndpoint store = stores.get(address);
        if (store == null) {
          return CompletableFuture.failedFuture(
              new NotSentException(
                  Status.UNAVAILABLE.withDescription("no store at " + address + " in this JVM")));
        }
        return store.call(method, request);
      }
    };
  }

  @Override
  public void close() {
    stores.clear();
  }
}

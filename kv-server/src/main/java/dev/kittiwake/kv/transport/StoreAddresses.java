package dev.kittiwake.kv.transport;

import java.util.concurrent.CompletableFuture;

/** Where other stores listen. Thread-safe. */
@FunctionalInterface
public interface StoreAddresses {
  /** The {@code host:port} at which the store takes traffic of other stores; fails if unknown. */
  CompletableFuture<String> address(long storeId);
}

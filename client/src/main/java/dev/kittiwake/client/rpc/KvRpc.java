package dev.kittiwake.client.rpc;

import dev.kittiwake.proto.rpc.KvEndpoint;

/** The way to stores. Thread-safe; never blocks. */
public interface KvRpc extends AutoCloseable {
  /**
   * The store at {@code address} ({@code host:port}). Never fails: an address that leads nowhere
   * gives an endpoint whose calls fail with status UNAVAILABLE.
   */
  KvEndpoint endpoint(String address);

  @Override
  void close();
}

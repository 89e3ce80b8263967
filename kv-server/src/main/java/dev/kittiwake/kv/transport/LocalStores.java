package dev.kittiwake.kv.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The stores of one JVM that reach each other directly. Thread-safe. */
public final class LocalStores {
  private final Map<Long, RaftInbox> inboxes = new ConcurrentHashMap<>();

  public void register(long storeId, RaftInbox inbox) {
    inboxes.put(storeId, inbox);
  }

  /** Takes {@code inbox} out, if it is still the one of {@code storeId}. */
  public void unregister(long storeId, RaftInbox inbox) {
    inboxes.remove(storeId, inbox);
  }

  /** The store's inbox, or null if it is not running. */
  RaftInbox inbox(long storeId) {
    return inboxes.get(storeId);
  }
}

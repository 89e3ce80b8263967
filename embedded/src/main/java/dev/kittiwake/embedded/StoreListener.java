package dev.kittiwake.embedded;

import dev.kittiwake.kv.RequestSide;

/** Decides under which address a store is known, and opens a port for it or not. */
interface StoreListener {
  /** An address, and what closes it (null if nothing was opened). */
  record Opened(String address, AutoCloseable door) {}

  Opened open(int number, RequestSide requests);

  /** No ports: the addresses mean something only in this JVM. */
  static StoreListener none() {
    return (number, requests) -> new Opened("store-" + number + ".local:20160", null);
  }
}

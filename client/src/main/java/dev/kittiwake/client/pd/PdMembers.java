package dev.kittiwake.client.pd;

import dev.kittiwake.proto.rpc.PdEndpoint;
import java.util.List;

/** The members of the placement driver that are known, by address. Thread-safe. */
interface PdMembers extends AutoCloseable {
  /** All known addresses. */
  List<String> addresses();

  /** The member at {@code address}; null if there is no way to it. */
  PdEndpoint endpoint(String address);

  /** How the member at {@code address} is called among {@link #addresses}. */
  String named(String address);

  /** Adds an address that a member told. */
  void learn(String address);

  @Override
  void close();
}

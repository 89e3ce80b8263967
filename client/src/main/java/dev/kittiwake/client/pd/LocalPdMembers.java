package dev.kittiwake.client.pd;

import dev.kittiwake.client.rpc.Addresses;
import dev.kittiwake.proto.rpc.PdEndpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members that are objects in this JVM; more may come. Not owned: closing does nothing to them. */
final class LocalPdMembers implements PdMembers {
  private final List<PdEndpoint> endpoints;
  private final Map<String, PdEndpoint> members = new LinkedHashMap<>(); // guarded by this
  private final Map<String, String> byUrl = new LinkedHashMap<>(); // guarded by this

  /**
   * @param endpoints may grow, if it can be read meanwhile
   */
  LocalPdMembers(List<PdEndpoint> endpoints) {
    this.endpoints = endpoints;
    look();
  }

  private synchronized void look() {
    while (members.size() < endpoints.size()) {
      PdEndpoint endpoint = endpoints.get(members.size());
      String name = "member " + (members.size() + 1) + " in this JVM";
      members.put(name, endpoint);
      endpoint.urls().forEach(url -> byUrl.put(Addresses.normalized(url), name));
    }
  }

  @Override
  public synchronized List<String> addresses() {
    look();
    return List.copyOf(members.keySet());
  }

  @Override
  public synchronized PdEndpoint endpoint(String address) {
    return members.get(named(address));
  }

  @Override
  public synchronized String named(String address) {
    return byUrl.getOrDefault(address, address);
  }

  @Override
  public void learn(String address) {
    // An object that does not say its address is not found by it: the next one is tried instead.
  }

  @Override
  public void close() {
    // The members belong to who made them.
  }
}

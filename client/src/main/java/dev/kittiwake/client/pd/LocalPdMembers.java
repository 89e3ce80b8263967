package dev.kittiwake.client.pd;

import dev.kittiwake.client.rpc.Addresses;
import dev.kittiwake.proto.rpc.PdEndpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members that are objects in this JVM. Not owned: closing does nothing to them. */
final class LocalPdMembers implements PdMembers {
  private final Map<String, PdEndpoint> members = new LinkedHashMap<>();
  private final Map<String, String> byUrl = new LinkedHashMap<>();

  LocalPdMembers(List<PdEndpoint> endpoints) {
    for (PdEndpoint endpoint : endpoints) {
      String name = "member " + (members.size() + 1) + " in this JVM";
      members.put(name, endpoint);
      endpoint.urls().forEach(url -> byUrl.put(Addresses.normalized(url), name));
    }
  }

  @Override
  public List<String> addresses() {
    return List.copyOf(members.keySet());
  }

  @Override
  public PdEndpoint endpoint(String address) {
    return members.get(named(address));
  }

  @Override
  public String named(String address) {
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

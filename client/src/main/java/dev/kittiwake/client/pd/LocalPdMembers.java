package dev.kittiwake.client.pd;

import dev.kittiwake.proto.rpc.PdEndpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members that are objects in this JVM. Not owned: closing does nothing to them. */
final class LocalPdMembers implements PdMembers {
  private final Map<String, PdEndpoint> members = new LinkedHashMap<>();

  LocalPdMembers(List<PdEndpoint> endpoints) {
    for (PdEndpoint endpoint : endpoints) {
      members.put("member " + (members.size() + 1) + " in this JVM", endpoint);
    }
  }

  @Override
  public List<String> addresses() {
    return List.copyOf(members.keySet());
  }

  @Override
  public PdEndpoint endpoint(String address) {
    return members.get(address);
  }

  @Override
  public void learn(String address) {
    // Objects are not found by address: the next member is tried instead.
  }

  @Override
  public void close() {
    // The members belong to who made them.
  }
}

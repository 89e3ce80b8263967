package dev.kittiwake.client.pd;

import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.rpc.Addresses;
import dev.kittiwake.proto.rpc.PdEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members reached over gRPC, one connection each, made when first needed. */
final class GrpcPdMembers implements PdMembers {
  private final ClientRuntime runtime;
  private final Map<String, GrpcPdEndpoint> members = new LinkedHashMap<>(); // guarded by this

  GrpcPdMembers(List<String> addresses, ClientRuntime runtime) {
    this.runtime = runtime;
    for (String address : addresses) {
      members.put(Addresses.normalized(address), null);
    }
  }

  @Override
  public synchronized List<String> addresses() {
    return new ArrayList<>(members.keySet());
  }

  @Override
  public synchronized PdEndpoint endpoint(String address) {
    if (!members.containsKey(address)) {
      return null;
    }
    GrpcPdEndpoint endpoint = members.get(address);
    if (endpoint == null) {
      endpoint = new GrpcPdEndpoint(address, runtime);
      members.put(address, endpoint);
    }
    return endpoint;
  }

  @Override
  public String named(String address) {
    return address;
  }

  @Override
  public synchronized void learn(String address) {
    members.putIfAbsent(address, null);
  }

  @Override
  public synchronized void close() {
    for (GrpcPdEndpoint endpoint : members.values()) {
      if (endpoint != null) {
        endpoint.close();
      }
    }
    members.clear();
  }
}

package dev.kittiwake.pd.api;

import dev.kittiwake.proto.keyspacepb.GetAllKeyspacesRequest;
import dev.kittiwake.proto.keyspacepb.GetAllKeyspacesResponse;
import dev.kittiwake.proto.keyspacepb.KeyspaceGrpc;
import dev.kittiwake.proto.keyspacepb.KeyspaceMeta;
import dev.kittiwake.proto.keyspacepb.KeyspaceState;
import dev.kittiwake.proto.keyspacepb.LoadKeyspaceRequest;
import dev.kittiwake.proto.keyspacepb.LoadKeyspaceResponse;
import dev.kittiwake.proto.pdpb.ErrorType;
import io.grpc.stub.StreamObserver;

/** Keyspaces of API version 2: there is the default one. */
final class KeyspaceService extends KeyspaceGrpc.KeyspaceImplBase {
  private static final KeyspaceMeta DEFAULT =
      KeyspaceMeta.newBuilder().setId(0).setName("DEFAULT").setState(KeyspaceState.ENABLED).build();

  private final PdApi api;

  KeyspaceService(PdApi api) {
    this.api = api;
  }

  @Override
  public void loadKeyspace(
      LoadKeyspaceRequest request, StreamObserver<LoadKeyspaceResponse> observer) {
    LoadKeyspaceResponse.Builder response = LoadKeyspaceResponse.newBuilder();
    if (request.getName().isEmpty() || request.getName().equals(DEFAULT.getName())) {
      response.setHeader(api.streamHeader()).setKeyspace(DEFAULT);
    } else {
      PdRefused refused =
          new PdRefused(
              ErrorType.ENTRY_NOT_FOUND, "keyspace \"" + request.getName() + "\" does not exist");
      response.setHeader(api.streamHeader().toBuilder().setError(refused.error()));
    }
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void getAllKeyspaces(
      GetAllKeyspacesRequest request, StreamObserver<GetAllKeyspacesResponse> observer) {
    observer.onNext(
        GetAllKeyspacesResponse.newBuilder()
            .setHeader(api.streamHeader())
            .addKeyspaces(DEFAULT)
            .build());
    observer.onCompleted();
  }
}

package dev.kittiwake.kv.api.cluster;

import dev.kittiwake.kv.region.HashVerdict;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.proto.store.PeerHash;
import dev.kittiwake.proto.store.StoreControlGrpc;
import dev.kittiwake.proto.store.VerifyRegionRequest;
import dev.kittiwake.proto.store.VerifyRegionResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** What those who run the cluster ask of one store. */
public final class StoreControlService extends StoreControlGrpc.StoreControlImplBase {
  private final RegionAccess access;

  public StoreControlService(RegionAccess access) {
    this.access = access;
  }

  @Override
  public void verifyRegion(
      VerifyRegionRequest request, StreamObserver<VerifyRegionResponse> response) {
    access
        .verify(request.getRegionId())
        .whenComplete(
            (verdict, failure) -> {
              if (failure != null) {
                response.onError(
                    Status.UNAVAILABLE.withDescription(failure.getMessage()).asRuntimeException());
              } else {
                response.onNext(answer(verdict));
                response.onCompleted();
              }
            });
  }

  private static VerifyRegionResponse answer(HashVerdict verdict) {
    VerifyRegionResponse.Builder answer =
        VerifyRegionResponse.newBuilder()
            .setConclusion(VerifyRegionResponse.Conclusion.valueOf(verdict.conclusion().name()))
            .setIndex(verdict.index())
            .addAllDamagedPeers(verdict.damaged());
    verdict
        .hashes()
        .forEach(
            (peer, hash) -> answer.addHashes(PeerHash.newBuilder().setPeerId(peer).setHash(hash)));
    return answer.build();
  }
}

package dev.kittiwake.pd.api;

import dev.kittiwake.pd.peer.GrpcPeers;
import dev.kittiwake.proto.pdstore.JoinRequest;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.PeerAck;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.proto.pdstore.PeerFrame;
import dev.kittiwake.proto.pdstore.PeersGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What other members send: messages, snapshots, and newcomers that want to join. */
final class PeerService extends PeersGrpc.PeersImplBase {
  private static final int VERSION = 1;

  private final PdApi api;
  private final GrpcPeers peers;

  /**
   * @param peers passes on what only the leader can answer
   */
  PeerService(PdApi api, GrpcPeers peers) {
    this.api = api;
    this.peers = peers;
  }

  @Override
  public void exchange(PeerFrame frame, StreamObserver<PeerAck> observer) {
    frame.getEnvelopesList().forEach(api::receive);
    observer.onNext(PeerAck.getDefaultInstance());
    observer.onCompleted();
  }

  @Override
  public void snapshot(PeerEnvelope envelope, StreamObserver<PeerAck> observer) {
    api.receive(envelope);
    observer.onNext(PeerAck.getDefaultInstance());
    observer.onCompleted();
  }

  @Override
  public void join(JoinRequest request, StreamObserver<JoinResponse> observer) {
    if (request.getVersion() != VERSION) {
      observer.onError(
          Status.INVALID_ARGUMENT
              .withDescription(
                  "a request to join of version "
                      + request.getVersion()
                      + ", this member reads version "
                      + VERSION)
              .asRuntimeException());
      return;
    }
    PdGrpcService.answer(
        leaderElsewhere()
            .thenCompose(
                elsewhere ->
                    elsewhere.isPresent() && !request.getPassedOn()
                        ? peers.join(elsewhere.get(), request.toBuilder().setPassedOn(true).build())
                        : api.admit(request.getMember())),
        observer);
  }

  private CompletableFuture<Optional<String>> leaderElsewhere() {
    return api.ask(
        () ->
            MemberCalls.leader(api.cluster())
                .filter(leader -> leader.getId() != api.cluster().self().getId())
                .map(leader -> leader.getPeerUrls(0)));
  }
}

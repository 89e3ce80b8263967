package dev.kittiwake.pd.api;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.WriteKv;
import dev.kittiwake.proto.etcdserverpb.ClusterGrpc;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeRequest;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeResponse;
import dev.kittiwake.proto.etcdserverpb.KVGrpc;
import dev.kittiwake.proto.etcdserverpb.MaintenanceGrpc;
import dev.kittiwake.proto.etcdserverpb.Member;
import dev.kittiwake.proto.etcdserverpb.MemberListRequest;
import dev.kittiwake.proto.etcdserverpb.MemberListResponse;
import dev.kittiwake.proto.etcdserverpb.PutRequest;
import dev.kittiwake.proto.etcdserverpb.PutResponse;
import dev.kittiwake.proto.etcdserverpb.RangeRequest;
import dev.kittiwake.proto.etcdserverpb.RangeResponse;
import dev.kittiwake.proto.etcdserverpb.RequestOp;
import dev.kittiwake.proto.etcdserverpb.ResponseHeader;
import dev.kittiwake.proto.etcdserverpb.StatusRequest;
import dev.kittiwake.proto.etcdserverpb.StatusResponse;
import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import dev.kittiwake.proto.etcdserverpb.TxnResponse;
import dev.kittiwake.raft.Status;
import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The part of etcd's interface that clients of the placement driver ask for: who the members are,
 * and keys and values with revisions. Watches and leases are not supported.
 */
public final class EtcdFacade {
  private final PdApi api;
  private final PdCluster cluster;

  public EtcdFacade(PdApi api) {
    this.api = api;
    this.cluster = api.cluster();
  }

  public List<BindableService> services() {
    return List.of(new Kv(), new Members(), new Maintenance());
  }

  private ResponseHeader header() {
    Status status = cluster.replica().status();
    return ResponseHeader.newBuilder()
        .setClusterId(cluster.meta().clusterId())
        .setMemberId(cluster.self().getId())
        .setRevision(cluster.meta().kv().revision())
        .setRaftTerm(status.term())
        .build();
  }

  /** Runs {@code body} on the loop and sends its answer. */
  private <R> void answer(
      StreamObserver<R> observer, Handlers.Scope scope, Supplier<CompletableFuture<R>> body) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    PdGrpcService.answer(answer, observer);
    api.onLoop(
        answer,
        () -> {
          api.check(scope, 0);
          body.get()
              .whenComplete(
                  (response, failure) -> {
                    if (failure != null) {
                      answer.completeExceptionally(failure);
                    } else {
                      answer.complete(response);
                    }
                  });
        });
  }

  private CompletableFuture<TxnResponse> write(TxnRequest txn) {
    return cluster.propose(new WriteKv(txn)).thenApply(PdRefused::answered);
  }

  private CompletableFuture<TxnResponse> write(RequestOp.Builder op) {
    return write(TxnRequest.newBuilder().addSuccess(op).build());
  }

  private final class Kv extends KVGrpc.KVImplBase {
    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
      answer(
          observer,
          Handlers.Scope.LEADER,
          () -> {
            long revision = cluster.meta().kv().revision();
            if (request.getRevision() > revision
                || (request.getRevision() > 0 && request.getRevision() < revision)) {
              throw io.grpc.Status.OUT_OF_RANGE
                  .withDescription(
                      "revision "
                          + request.getRevision()
                          + " is not available, only the newest, "
                          + revision)
                  .asRuntimeException();
            }
            return CompletableFuture.completedFuture(
                cluster.meta().kv().range(request).toBuilder().setHeader(header()).build());
          });
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
      answer(
          observer,
          Handlers.Scope.LEADER,
          () ->
              write(RequestOp.newBuilder().setRequestPut(request))
                  .thenApply(
                      done ->
                          done.getResponses(0).getResponsePut().toBuilder()
                              .setHeader(header())
                              .build()));
    }

    @Override
    public void deleteRange(
        DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer) {
      answer(
          observer,
          Handlers.Scope.LEADER,
          () ->
              write(RequestOp.newBuilder().setRequestDeleteRange(request))
                  .thenApply(
                      done ->
                          done.getResponses(0).getResponseDeleteRange().toBuilder()
                              .setHeader(header())
                              .build()));
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> observer) {
      answer(
          observer,
          Handlers.Scope.LEADER,
          () ->
              write(request)
                  .thenApply(
                      done ->
                          done.toBuilder()
                              .setHeader(
                                  header().toBuilder().setRevision(done.getHeader().getRevision()))
                              .build()));
    }
  }

  private final class Members extends ClusterGrpc.ClusterImplBase {
    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
      answer(
          observer,
          Handlers.Scope.ANYWHERE,
          () -> {
            MemberListResponse.Builder response =
                MemberListResponse.newBuilder().setHeader(header());
            cluster
                .members()
                .known()
                .forEach(
                    member ->
                        response.addMembers(
                            Member.newBuilder()
                                .setID(member.getId())
                                .setName(member.getName())
                                .addAllPeerURLs(member.getPeerUrlsList())
                                .addAllClientURLs(member.getClientUrlsList())));
            return CompletableFuture.completedFuture(response.build());
          });
    }
  }

  private final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
      answer(
          observer,
          Handlers.Scope.ANYWHERE,
          () -> {
            Status status = cluster.replica().status();
            return CompletableFuture.completedFuture(
                StatusResponse.newBuilder()
                    .setHeader(header())
                    .setVersion("3.5.0")
                    .setLeader(status.leader())
                    .setRaftIndex(status.lastIndex())
                    .setRaftTerm(status.term())
                    .setRaftAppliedIndex(status.applied())
                    .build());
          });
    }
  }
}

package dev.kittiwake.pd.api;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.WriteKv;
import dev.kittiwake.proto.etcdserverpb.RangeRequest;
import dev.kittiwake.proto.etcdserverpb.RangeResponse;
import dev.kittiwake.proto.etcdserverpb.RequestOp;
import dev.kittiwake.proto.etcdserverpb.ResponseOp;
import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import dev.kittiwake.proto.meta_storagepb.DeleteRequest;
import dev.kittiwake.proto.meta_storagepb.DeleteResponse;
import dev.kittiwake.proto.meta_storagepb.GetRequest;
import dev.kittiwake.proto.meta_storagepb.GetResponse;
import dev.kittiwake.proto.meta_storagepb.KeyValue;
import dev.kittiwake.proto.meta_storagepb.MetaStorageGrpc;
import dev.kittiwake.proto.meta_storagepb.PutRequest;
import dev.kittiwake.proto.meta_storagepb.PutResponse;
import dev.kittiwake.proto.meta_storagepb.ResponseHeader;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** The key-value store under its other name. */
final class MetaStorageService extends MetaStorageGrpc.MetaStorageImplBase {
  private final PdApi api;
  private final PdCluster cluster;

  MetaStorageService(PdApi api) {
    this.api = api;
    this.cluster = api.cluster();
  }

  private ResponseHeader header() {
    return ResponseHeader.newBuilder()
        .setClusterId(cluster.meta().clusterId())
        .setRevision(cluster.meta().kv().revision())
        .build();
  }

  private static KeyValue record(dev.kittiwake.proto.mvccpb.KeyValue record) {
    return KeyValue.newBuilder()
        .setKey(record.getKey())
        .setValue(record.getValue())
        .setCreateRevision(record.getCreateRevision())
        .setModRevision(record.getModRevision())
        .setVersion(record.getVersion())
        .setLease(record.getLease())
        .build();
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> observer) {
    CompletableFuture<GetResponse> answer = new CompletableFuture<>();
    PdGrpcService.answer(answer, observer);
    api.onLoop(
        answer,
        () -> {
          api.check(Handlers.Scope.LEADER, request.getHeader().getClusterId());
          RangeResponse found =
              cluster
                  .meta()
                  .kv()
                  .range(
                      RangeRequest.newBuilder()
                          .setKey(request.getKey())
                          .setRangeEnd(request.getRangeEnd())
                          .setLimit(request.getLimit())
                          .build());
          GetResponse.Builder response =
              GetResponse.newBuilder()
                  .setHeader(header())
                  .setMore(found.getMore())
                  .setCount(found.getCount());
          found.getKvsList().forEach(each -> response.addKvs(record(each)));
          answer.complete(response.build());
        });
  }

  private CompletableFuture<ResponseOp> write(long clusterId, RequestOp.Builder op) {
    CompletableFuture<ResponseOp> answer = new CompletableFuture<>();
    api.onLoop(
        answer,
        () -> {
          api.check(Handlers.Scope.LEADER, clusterId);
          cluster
              .propose(new WriteKv(TxnRequest.newBuilder().addSuccess(op).build()))
              .thenApply(PdRefused::answered)
              .whenComplete(
                  (done, failure) -> {
                    if (failure != null) {
                      answer.completeExceptionally(failure);
                    } else {
                      answer.complete(done.getResponses(0));
                    }
                  });
        });
    return answer;
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> observer) {
    RequestOp.Builder op =
        RequestOp.newBuilder()
            .setRequestPut(
                dev.kittiwake.proto.etcdserverpb.PutRequest.newBuilder()
                    .setKey(request.getKey())
                    .setValue(request.getValue())
                    .setLease(request.getLease())
                    .setPrevKv(request.getPrevKv()));
    PdGrpcService.answer(
        write(request.getHeader().getClusterId(), op)
            .thenApply(
                done -> {
                  PutResponse.Builder response = PutResponse.newBuilder().setHeader(header());
                  if (done.getResponsePut().hasPrevKv()) {
                    response.setPrevKv(record(done.getResponsePut().getPrevKv()));
                  }
                  return response.build();
                }),
        observer);
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> observer) {
    RequestOp.Builder op =
        RequestOp.newBuilder()
            .setRequestDeleteRange(
                dev.kittiwake.proto.etcdserverpb.DeleteRangeRequest.newBuilder()
                    .setKey(request.getKey())
                    .setRangeEnd(request.getRangeEnd())
                    .setPrevKv(request.getPrevKv()));
    PdGrpcService.answer(
        write(request.getHeader().getClusterId(), op)
            .thenApply(
                done -> {
                  DeleteResponse.Builder response =
                      DeleteResponse.newBuilder()
                          .setHeader(header())
                          .setDeleted(done.getResponseDeleteRange().getDeleted());
                  done.getResponseDeleteRange()
                      .getPrevKvsList()
                      .forEach(each -> response.addPrevKvs(record(each)));
                  return response.build();
                }),
        observer);
  }
}

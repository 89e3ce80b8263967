package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.LEADER;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.WriteKv;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeRequest;
import dev.kittiwake.proto.etcdserverpb.PutRequest;
import dev.kittiwake.proto.etcdserverpb.RangeRequest;
import dev.kittiwake.proto.etcdserverpb.RequestOp;
import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.mvccpb.KeyValue;
import dev.kittiwake.proto.pdpb.Error;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.EventType;
import dev.kittiwake.proto.pdpb.GlobalConfigItem;
import dev.kittiwake.proto.pdpb.LoadGlobalConfigRequest;
import dev.kittiwake.proto.pdpb.LoadGlobalConfigResponse;
import dev.kittiwake.proto.pdpb.StoreGlobalConfigRequest;
import dev.kittiwake.proto.pdpb.StoreGlobalConfigResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.concurrent.CompletableFuture;

/** Small settings that clients share, in the key-value store below a path. */
final class GlobalConfigCalls {
  private static final String DEFAULT_PATH = "/global/config/";

  private final PdCluster cluster;

  GlobalConfigCalls(PdCluster cluster) {
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.add(PdMethod.LOAD_GLOBAL_CONFIG, LEADER, this::load);
    handlers.addAsync(PdMethod.STORE_GLOBAL_CONFIG, LEADER, this::store);
  }

  private static String path(String configPath) {
    String path = configPath.isEmpty() ? DEFAULT_PATH : configPath;
    return path.endsWith("/") ? path : path + "/";
  }

  private LoadGlobalConfigResponse load(LoadGlobalConfigRequest request) {
    LoadGlobalConfigResponse.Builder response =
        LoadGlobalConfigResponse.newBuilder().setRevision(cluster.meta().kv().revision());
    String path = path(request.getConfigPath());
    if (request.getNamesCount() == 0) {
      Key prefix = Key.of(path);
      cluster
          .meta()
          .kv()
          .range(
              RangeRequest.newBuilder()
                  .setKey(ByteString.copyFromUtf8(path))
                  .setRangeEnd(ByteString.copyFrom(prefix.prefixEnd().toBytes()))
                  .build())
          .getKvsList()
          .forEach(record -> response.addItems(item(record.getKey().toStringUtf8(), record)));
    }
    for (String name : request.getNamesList()) {
      RangeRequest one =
          RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(path + name)).build();
      response.addItems(
          cluster.meta().kv().range(one).getKvsList().stream()
              .findFirst()
              .map(record -> item(name, record))
              .orElseGet(() -> missing(name)));
    }
    return response.build();
  }

  private static GlobalConfigItem item(String name, KeyValue record) {
    return GlobalConfigItem.newBuilder()
        .setName(name)
        .setPayload(record.getValue())
        .setKind(EventType.PUT)
        .build();
  }

  private static GlobalConfigItem missing(String name) {
    return GlobalConfigItem.newBuilder()
        .setName(name)
        .setError(
            Error.newBuilder()
                .setType(ErrorType.GLOBAL_CONFIG_NOT_FOUND)
                .setMessage("global config " + name + " not found"))
        .build();
  }

  private CompletableFuture<StoreGlobalConfigResponse> store(StoreGlobalConfigRequest request) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    String path = path(request.getConfigPath());
    for (GlobalConfigItem change : request.getChangesList()) {
      ByteString key = ByteString.copyFromUtf8(path + change.getName());
      ByteString value =
          change.getPayload().isEmpty()
              ? ByteString.copyFromUtf8(change.getValue())
              : change.getPayload();
      if (change.getKind() == EventType.DELETE) {
        txn.addSuccess(
            RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key)));
      } else {
        txn.addSuccess(
            RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value)));
      }
    }
    return cluster
        .propose(new WriteKv(txn.build()))
        .thenApply(PdRefused::answered)
        .thenApply(done -> StoreGlobalConfigResponse.getDefaultInstance());
  }
}

package dev.kittiwake.simulation.scenario;

import com.google.protobuf.ByteString;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.RawGetRequest;
import dev.kittiwake.proto.kvrpcpb.RawPutRequest;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.simulation.network.SimKvRpc;
import dev.kittiwake.simulation.world.SimStore;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.judge.Linearizability;
import dev.kittiwake.testkit.judge.Verdict;
import java.util.concurrent.CompletableFuture;

/**
 * One raw key, read and written at the stores that a story names, whoever leads. All that was asked
 * and answered is a history.
 */
final class Direct {
  private static final long TIMEOUT_NANOS = 10_000_000_000L;

  private final Scenario cluster;
  private final String key;
  private final History history = new History();
  private int lastProcess;
  private int lastValue;
  private int values; // reads that were answered with a value

  Direct(Scenario cluster, String key) {
    this.cluster = cluster;
    this.key = key;
  }

  /** Asks a store, which may refuse or say nothing. */
  void read(int store) {
    Context context = context(store);
    if (context == null) {
      return;
    }
    int index = history.invoke(++lastProcess, new Action.RawGet(key), now());
    RawGetRequest request =
        RawGetRequest.newBuilder().setContext(context).setKey(wire(key)).build();
    call(store, KvMethod.RAW_GET, request)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null || answer.hasRegionError()) {
                history.failed(index, "refused", now());
              } else {
                values++;
                String value = answer.getNotFound() ? null : answer.getValue().toStringUtf8();
                history.ok(index, new Answer.Value(value), now());
              }
            });
  }

  /** Writes a new value at a store; true once it is acknowledged. */
  CompletableFuture<Boolean> write(int store) {
    String value = "v" + ++lastValue;
    int index = history.invoke(++lastProcess, new Action.RawPut(key, value), now());
    RawPutRequest request =
        RawPutRequest.newBuilder()
            .setContext(context(store))
            .setKey(wire(key))
            .setValue(wire(value))
            .build();
    return call(store, KvMethod.RAW_PUT, request)
        .handle(
            (answer, failure) -> {
              if (failure != null || answer.hasRegionError()) {
                history.undetermined(index, "refused, or no answer", now());
                return false;
              }
              history.ok(index, Answer.DONE, now());
              return true;
            });
  }

  /** How many reads were answered with data. */
  int values() {
    return values;
  }

  /** Whether a single copy could have answered like that. */
  Verdict judge() {
    return new Linearizability().judge(history);
  }

  private <Q, R> CompletableFuture<R> call(int store, KvMethod<Q, R> method, Q request) {
    SimStore target = cluster.store(store);
    return new SimKvRpc(
            cluster.world().calls(), cluster.client().machine(), address -> target, TIMEOUT_NANOS)
        .endpoint(target.address())
        .call(method, request);
  }

  private Context context(int store) {
    RegionView view = cluster.viewOf(store, key);
    return view == null
        ? null
        : Context.newBuilder()
            .setRegionId(view.regionId())
            .setRegionEpoch(view.region().getRegionEpoch())
            .setPeer(view.peer())
            .build();
  }

  private long now() {
    return cluster.world().time().now();
  }

  private static ByteString wire(String text) {
    return ByteString.copyFromUtf8(text);
  }
}

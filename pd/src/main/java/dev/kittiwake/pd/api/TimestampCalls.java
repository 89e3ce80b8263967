package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.BOOTSTRAPPED;
import static dev.kittiwake.pd.api.Handlers.Scope.LEADER;

import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.meta.SetExternalTimestamp;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GetExternalTimestampResponse;
import dev.kittiwake.proto.pdpb.GetMinTSResponse;
import dev.kittiwake.proto.pdpb.ReportMinResolvedTsResponse;
import dev.kittiwake.proto.pdpb.SetExternalTimestampRequest;
import dev.kittiwake.proto.pdpb.SetExternalTimestampResponse;
import dev.kittiwake.proto.pdpb.Timestamp;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.concurrent.CompletableFuture;

/** Timestamps other than those of the stream. */
final class TimestampCalls {
  private final PdApi api;
  private final PdCluster cluster;

  TimestampCalls(PdApi api, PdCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.addAsync(
        PdMethod.GET_MIN_TS,
        LEADER,
        request ->
            cluster
                .timestamps()
                .timestamps(1)
                .thenApply(
                    ts ->
                        GetMinTSResponse.newBuilder()
                            .setHeader(api.header())
                            .setTimestamp(message(ts))
                            .build()));
    handlers.add(
        PdMethod.GET_EXTERNAL_TIMESTAMP,
        LEADER,
        request ->
            GetExternalTimestampResponse.newBuilder()
                .setHeader(api.header())
                .setTimestamp(cluster.meta().externalTimestamp())
                .build());
    handlers.addAsync(PdMethod.SET_EXTERNAL_TIMESTAMP, LEADER, this::setExternal);
    handlers.add(
        PdMethod.REPORT_MIN_RESOLVED_TS,
        BOOTSTRAPPED,
        request -> {
          cluster
              .storeTable()
              .reportMinResolvedTs(request.getStoreId(), request.getMinResolvedTs());
          return ReportMinResolvedTsResponse.newBuilder().setHeader(api.header()).build();
        });
  }

  static Timestamp message(long ts) {
    return Timestamp.newBuilder()
        .setPhysical(dev.kittiwake.proto.key.Timestamp.physicalMillis(ts))
        .setLogical(dev.kittiwake.proto.key.Timestamp.logical(ts))
        .build();
  }

  private CompletableFuture<SetExternalTimestampResponse> setExternal(
      SetExternalTimestampRequest request) {
    return cluster
        .timestamps()
        .timestamps(1)
        .thenCompose(
            now -> {
              if (dev.kittiwake.proto.key.Timestamp.isAfter(request.getTimestamp(), now)) {
                throw new PdRefused(
                    ErrorType.INVALID_VALUE,
                    "external timestamp "
                        + Long.toUnsignedString(request.getTimestamp())
                        + " is in the future");
              }
              return cluster.propose(new SetExternalTimestamp(request.getTimestamp()));
            })
        .thenApply(
            outcome -> {
              PdRefused.done(outcome);
              return SetExternalTimestampResponse.newBuilder().setHeader(api.header()).build();
            });
  }
}

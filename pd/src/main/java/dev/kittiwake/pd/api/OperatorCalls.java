package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.BOOTSTRAPPED;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.schedule.OperatorController;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GetOperatorRequest;
import dev.kittiwake.proto.pdpb.GetOperatorResponse;
import dev.kittiwake.proto.pdpb.OperatorStatus;
import dev.kittiwake.proto.pdpb.ScatterRegionResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.Locale;

/** What is being done to a region. */
final class OperatorCalls {
  private final PdApi api;
  private final PdCluster cluster;

  OperatorCalls(PdApi api, PdCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  void register(Handlers handlers) {
    handlers.add(PdMethod.GET_OPERATOR, BOOTSTRAPPED, this::operator);
    // the balancer spreads new regions by itself, so there is nothing to wait for
    handlers.add(
        PdMethod.SCATTER_REGION,
        BOOTSTRAPPED,
        request ->
            ScatterRegionResponse.newBuilder()
                .setHeader(api.header())
                .setFinishedPercentage(100)
                .build());
  }

  private GetOperatorResponse operator(GetOperatorRequest request) {
    OperatorController.Progress progress =
        cluster
            .placement()
            .operators()
            .find(request.getRegionId())
            .orElseThrow(
                () ->
                    new PdRefused(
                        ErrorType.REGION_NOT_FOUND,
                        "region "
                            + Long.toUnsignedString(request.getRegionId())
                            + " has no operator"));
    return GetOperatorResponse.newBuilder()
        .setHeader(api.header())
        .setRegionId(request.getRegionId())
        .setDesc(ByteString.copyFromUtf8(progress.operator().name()))
        .setKind(
            ByteString.copyFromUtf8(progress.operator().kind().name().toLowerCase(Locale.ROOT)))
        .setStatus(status(progress.status()))
        .build();
  }

  private static OperatorStatus status(OperatorController.Status status) {
    switch (status) {
      case RUNNING:
        return OperatorStatus.RUNNING;
      case SUCCESS:
        return OperatorStatus.SUCCESS;
      case TIMEOUT:
        return OperatorStatus.TIMEOUT;
      default:
        return OperatorStatus.CANCEL;
    }
  }
}

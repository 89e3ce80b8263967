package dev.kittiwake.pd.api;

import static dev.kittiwake.pd.api.Handlers.Scope.BOOTSTRAPPED;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.schedule.OperatorController;
import dev.kittiwake.proto.pdpb.ErrorType;
import dev.kittiwake.proto.pdpb.GetOperatorRequest;
import dev.kittiwake.proto.pdpb.GetOperatorResponse;
import dev.kittiwake.proto.pdpb.OperatorStatus;
import dev.kittiwake.proto.pdpb.ScatterRegionRequest;
import dev.kittiwake.proto.pdpb.ScatterRegionResponse;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.List;
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
    handlers.add(PdMethod.SCATTER_REGION, BOOTSTRAPPED, this::scatter);
  }

  /** One region, or many with one call; what cannot move now is named. */
  private ScatterRegionResponse scatter(ScatterRegionRequest request) {
    List<Long> ids =
        request.getRegionsIdCount() > 0
            ? request.getRegionsIdList()
            : List.of(request.getRegionId());
    ScatterRegionResponse.Builder response =
        ScatterRegionResponse.newBuilder().setHeader(api.header());
    for (long id : ids) {
      if (cluster.tree().find(id).isEmpty()) {
        response.addFailedRegionsId(id);
      } else {
        cluster.placement().coordinator().scatter(id, request.getGroup());
      }
    }
    return response
        .setFinishedPercentage(
            100L * (ids.size() - response.getFailedRegionsIdCount()) / ids.size())
        .build();
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
      case REPLACED:
        return OperatorStatus.REPLACE;
      default:
        return OperatorStatus.CANCEL;
    }
  }
}

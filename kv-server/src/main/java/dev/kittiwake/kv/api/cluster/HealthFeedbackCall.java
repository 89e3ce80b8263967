package dev.kittiwake.kv.api.cluster;

import dev.kittiwake.kv.api.HealthFeedbackSource;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.proto.kvrpcpb.GetHealthFeedbackRequest;
import dev.kittiwake.proto.kvrpcpb.GetHealthFeedbackResponse;
import java.util.concurrent.CompletableFuture;

/** How well the store feels. */
final class HealthFeedbackCall
    implements KvHandler<GetHealthFeedbackRequest, GetHealthFeedbackResponse> {
  private final HealthFeedbackSource health;

  HealthFeedbackCall(HealthFeedbackSource health) {
    this.health = health;
  }

  @Override
  public CompletableFuture<GetHealthFeedbackResponse> handle(GetHealthFeedbackRequest request) {
    return CompletableFuture.completedFuture(
        GetHealthFeedbackResponse.newBuilder().setHealthFeedback(health.next()).build());
  }
}

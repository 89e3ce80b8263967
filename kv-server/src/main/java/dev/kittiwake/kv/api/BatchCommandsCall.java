package dev.kittiwake.kv.api;

import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.proto.tikvpb.BatchCommandsEmptyResponse;
import dev.kittiwake.proto.tikvpb.BatchCommandsRequest;
import dev.kittiwake.proto.tikvpb.BatchCommandsRequest.Request.CmdCase;
import dev.kittiwake.proto.tikvpb.BatchCommandsResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * One {@code BatchCommands} stream. Requests of a message run concurrently; replies leave in any
 * order and grouping.
 *
 * <p>Replies that are there when a message has been read through leave together. Later ones are
 * gathered: the first to find nobody sending asks {@code replies} to send, so that everything
 * completed in the same round of that executor shares a message.
 */
final class BatchCommandsCall implements StreamObserver<BatchCommandsRequest> {
  private static final int MAX_REPLIES_PER_MESSAGE = 256;
  private static final Map<CmdCase, KvMethod<?, ?>> METHODS = methods();

  private final KvEndpoint endpoint;
  private final HealthFeedbackSource health;
  private final Executor replies;
  private final StreamObserver<BatchCommandsResponse> responses;

  // Guarded by this. Everything that goes to `responses` goes through drain(), one thread at a time
  // (sending).
  private final ArrayDeque<Reply> finished = new ArrayDeque<>();
  private boolean sendScheduled;
  private boolean sending;
  private boolean healthAsked;
  private int underWay; // requests without a reply so far
  private boolean halfClosed; // the client sends no more
  private Status failure; // ends the stream
  private boolean closed; // nothing may be sent any more

  private record Reply(long id, BatchCommandsResponse.Response response) {}

  BatchCommandsCall(
      KvEndpoint endpoint,
      HealthFeedbackSource health,
      Executor replies,
      StreamObserver<BatchCommandsResponse> responses) {
    this.endpoint = endpoint;
    this.health = health;
    this.replies = replies;
    this.responses = responses;
    if (responses instanceof ServerCallStreamObserver) {
      ((ServerCallStreamObserver<?>) responses).setOnCancelHandler(this::abandon);
    }
  }

  private static Map<CmdCase, KvMethod<?, ?>> methods() {
    Map<CmdCase, KvMethod<?, ?>> methods = new EnumMap<>(CmdCase.class);
    for (KvMethod<?, ?> method : KvMethod.ALL) {
      if (method.isBatched()) {
        methods.put(method.batchCase(), method);
      }
    }
    return methods;
  }

  @Override
  public void onNext(BatchCommandsRequest batch) {
    if (batch.getRequestsCount() != batch.getRequestIdsCount()) {
      fail(
          Status.INVALID_ARGUMENT.withDescription(
              "batch has "
                  + batch.getRequestsCount()
                  + " requests but "
                  + batch.getRequestIdsCount()
                  + " request ids"));
      return;
    }
    synchronized (this) {
      sendScheduled = true; // replies that complete at once wait for the drain below
      underWay += batch.getRequestsCount();
    }
    for (int i = 0; i < batch.getRequestsCount(); i++) {
      start(batch.getRequestIds(i), batch.getRequests(i));
    }
    drain();
  }

  private void start(long id, BatchCommandsRequest.Request request) {
    KvMethod<?, ?> method = METHODS.get(request.getCmdCase());
    if (method != null) {
      start(id, method, request);
    } else if (request.hasEmpty()) {
      reply(
          id,
          BatchCommandsResponse.Response.newBuilder()
              .setEmpty(
                  BatchCommandsEmptyResponse.newBuilder().setTestId(request.getEmpty().getTestId()))
              .build());
    } else {
      fail(
          Status.UNIMPLEMENTED.withDescription(
              "batch request of kind " + request.getCmdCase() + " is not served"));
    }
  }

  private <Q, R> void start(long id, KvMethod<Q, R> method, BatchCommandsRequest.Request request) {
    if (method == KvMethod.GET_HEALTH_FEEDBACK) {
      synchronized (this) {
        healthAsked = true;
      }
    }
    endpoint
        .call(method, method.unwrapRequest(request))
        .whenComplete(
            (response, failure) -> {
              if (failure == null) {
                reply(id, method.wrapResponse(response));
              } else {
                // One request cannot fail alone in this protocol: an empty reply makes the client
                // fail and retry it.
                TikvGrpcService.asStatus(method, failure);
                reply(id, BatchCommandsResponse.Response.getDefaultInstance());
              }
            });
  }

  private void reply(long id, BatchCommandsResponse.Response response) {
    synchronized (this) {
      underWay--;
      finished.add(new Reply(id, response));
      if (sendScheduled || sending) {
        return;
      }
      sendScheduled = true;
    }
    replies.execute(this::drain);
  }

  /**
   * Sends what is finished, and the end of the stream if it has come; whoever is sending already
   * does it instead.
   */
  private void drain() {
    while (true) {
      BatchCommandsResponse.Builder message = null;
      Status end = null;
      synchronized (this) {
        sendScheduled = false;
        if (sending || closed) {
          return;
        }
        if (failure != null) {
          end = failure;
        } else if (!finished.isEmpty()) {
          message = nextMessage();
        } else if (halfClosed && underWay == 0) {
          end = Status.OK;
        } else {
          return;
        }
        sending = true;
        closed = end != null;
      }
      if (message != null) {
        responses.onNext(message.build());
      } else if (end.isOk()) {
        responses.onCompleted();
      } else {
        responses.onError(end.asRuntimeException());
      }
      synchronized (this) {
        sending = false;
      }
    }
  }

  /** Takes up to a message's worth of replies. Called under the lock. */
  private BatchCommandsResponse.Builder nextMessage() {
    BatchCommandsResponse.Builder message = BatchCommandsResponse.newBuilder();
    for (int i = 0; i < MAX_REPLIES_PER_MESSAGE && !finished.isEmpty(); i++) {
      Reply reply = finished.poll();
      message.addResponses(reply.response()).addRequestIds(reply.id());
    }
    if (healthAsked) {
      healthAsked = false;
      message.setHealthFeedback(health.next());
    }
    return message;
  }

  private void fail(Status status) {
    synchronized (this) {
      failure = status;
    }
    drain();
  }

  private void abandon() {
    synchronized (this) {
      closed = true; // the client is gone; requests under way finish without a reader
      finished.clear();
    }
  }

  @Override
  public void onError(Throwable brokenStream) {
    abandon();
  }

  @Override
  public void onCompleted() {
    synchronized (this) {
      halfClosed = true;
    }
    drain();
  }
}

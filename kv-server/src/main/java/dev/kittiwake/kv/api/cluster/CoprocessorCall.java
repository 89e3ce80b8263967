package dev.kittiwake.kv.api.cluster;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.proto.coprocessor.Request;
import dev.kittiwake.proto.coprocessor.Response;
import java.util.concurrent.CompletableFuture;

/**
 * Push-down requests, none of which this store can execute. It says so in the answer: a gRPC status
 * would look to clients like a store in trouble, and they would ask again and again.
 */
final class CoprocessorCall implements KvHandler<Request, Response> {
  @Override
  public CompletableFuture<Response> handle(Request request) {
    return CompletableFuture.completedFuture(
        Response.newBuilder()
            .setOtherError(
                "this store does not execute coprocessor requests (type "
                    + request.getTp()
                    + "); read the keys and compute in the client")
            .build());
  }
}

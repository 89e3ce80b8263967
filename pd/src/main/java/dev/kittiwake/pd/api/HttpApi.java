package dev.kittiwake.pd.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kittiwake.pd.replica.NotLeaderException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The placement driver over HTTP/1.1: JSON, under TiKV's paths and field names; and {@code
 * /metrics} for Prometheus.
 */
public final class HttpApi implements AutoCloseable {
  private static final int MAX_BODY_BYTES = 1 << 20;
  private static final String JSON = "application/json; charset=UTF-8";

  private static final String METRICS_PATH = "/metrics";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final ObjectMapper json = new ObjectMapper();
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final PdApi api;
  private final HttpRoutes routes;
  private final HttpForward forward;
  private final PdMetrics metrics;

  HttpApi(PdApi api) {
    this.api = api;
    this.routes = new HttpRoutes(api);
    this.metrics = new PdMetrics(api.cluster());
    this.forward = new HttpForward(api.cluster().self().getName());
  }

  /** Makes a connection one of HTTP/1.1. */
  void install(ChannelPipeline pipeline) {
    channels.add(pipeline.channel());
    pipeline.addLast(new HttpServerCodec());
    pipeline.addLast(new HttpObjectAggregator(MAX_BODY_BYTES));
    pipeline.addLast(new Handler());
  }

  @Override
  public void close() {
    channels.close();
  }

  /** A refusal with its HTTP status. */
  static final class HttpRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    HttpRefused(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      String method = request.method().name();
      String uri = request.uri();
      String body = request.content().toString(StandardCharsets.UTF_8);
      if (method.equals("GET") && uri.equals(METRICS_PATH)) {
        api.ask(metrics::text)
            .thenApply(
                page -> new HttpForward.Answer(200, METRICS, page.getBytes(StandardCharsets.UTF_8)))
            .whenComplete(
                (page, failure) ->
                    send(context, keepAlive, failure == null ? page : refused(failure)));
        return;
      }
      boolean mayForward = !request.headers().contains(HttpForward.MARK);
      answer(method, uri, body)
          .thenApply(value -> new HttpForward.Answer(200, JSON, bytes(value)))
          .exceptionallyCompose(
              failure ->
                  mayForward && cause(failure) instanceof NotLeaderException
                      ? forward(method, uri, body, failure)
                      : CompletableFuture.completedFuture(refused(failure)))
          .whenComplete(
              (answer, failure) ->
                  send(context, keepAlive, failure == null ? answer : refused(failure)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // a broken connection or no HTTP at all: nobody to answer to
    }
  }

  private CompletableFuture<JsonNode> answer(String method, String uri, String body) {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    api.onLoop(
        answer,
        () -> {
          try {
            JsonNode parsed = body.isBlank() ? json.createObjectNode() : json.readTree(body);
            routes
                .serve(HttpRoutes.Call.of(method, uri, parsed))
                .whenComplete(
                    (value, failure) -> {
                      if (failure != null) {
                        answer.completeExceptionally(failure);
                      } else {
                        answer.complete(value);
                      }
                    });
          } catch (JsonProcessingException e) {
            answer.completeExceptionally(
                new HttpRefused(400, "the body is not JSON: " + e.getOriginalMessage()));
          } catch (HttpRefused
              | PdRefused
              | NotLeaderException
              | StatusRuntimeException
              | IllegalArgumentException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  /** To the leader, if there is one. */
  private CompletableFuture<HttpForward.Answer> forward(
      String method, String uri, String body, Throwable notLeader) {
    return api.ask(() -> MemberCalls.leader(api.cluster()).map(leader -> leader.getClientUrls(0)))
        .thenCompose(
            leader ->
                leader.isPresent() && !api.urls().contains(leader.get())
                    ? forward.send(leader.get(), method, uri, body)
                    : CompletableFuture.failedFuture(notLeader));
  }

  private HttpForward.Answer refused(Throwable failure) {
    return new HttpForward.Answer(status(failure), JSON, bytes(TextNode.valueOf(message(failure))));
  }

  private byte[] bytes(JsonNode value) {
    try {
      return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a view that is no JSON: " + e.getMessage(), e);
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static int status(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof HttpRefused) {
      return ((HttpRefused) cause).status();
    }
    if (cause instanceof NotLeaderException) {
      return 503; // certainly nothing was done
    }
    if (cause instanceof IOException) {
      return 502; // on the way to the leader, or back
    }
    if (cause instanceof StatusRuntimeException) {
      return ((StatusRuntimeException) cause).getStatus().getCode() == Status.Code.UNAVAILABLE
          ? 503
          : 400;
    }
    return cause instanceof PdRefused || cause instanceof IllegalArgumentException ? 400 : 500;
  }

  private static String message(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof StatusRuntimeException) {
      String told = ((StatusRuntimeException) cause).getStatus().getDescription();
      return told == null ? cause.toString() : told;
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static void send(
      ChannelHandlerContext context, boolean keepAlive, HttpForward.Answer answer) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    HttpUtil.setContentLength(response, answer.body().length);
    HttpUtil.setKeepAlive(response, keepAlive);
    var written = context.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }
}

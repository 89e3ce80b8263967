package dev.kittiwake.pd.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.kittiwake.pd.replica.NotLeaderException;
import io.netty.buffer.ByteBuf;
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
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** The placement driver over HTTP/1.1: JSON, under TiKV's paths and field names. */
public final class HttpApi implements AutoCloseable {
  private static final int MAX_BODY_BYTES = 1 << 20;

  private final ObjectMapper json = new ObjectMapper();
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final PdApi api;
  private final HttpRoutes routes;

  HttpApi(PdApi api) {
    this.api = api;
    this.routes = new HttpRoutes(api);
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
  }

  private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      HttpMethod method = request.method();
      String body = request.content().toString(StandardCharsets.UTF_8);
      QueryStringDecoder uri = new QueryStringDecoder(request.uri());
      answer(method.name(), uri, body)
          .whenComplete(
              (value, failure) ->
                  send(
                      context,
                      keepAlive,
                      failure == null ? 200 : status(failure),
                      failure == null ? value : TextNode.valueOf(message(failure))));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // a broken connection or no HTTP at all: nobody to answer to
    }
  }

  private CompletableFuture<JsonNode> answer(String method, QueryStringDecoder uri, String body) {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    api.onLoop(
        answer,
        () -> {
          try {
            JsonNode parsed = body.isBlank() ? json.createObjectNode() : json.readTree(body);
            routes
                .serve(new HttpRoutes.Call(method, uri.path(), uri.parameters(), parsed))
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
          } catch (HttpRefused | PdRefused | NotLeaderException | IllegalArgumentException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  private static int status(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof HttpRefused) {
      return ((HttpRefused) cause).status;
    }
    if (cause instanceof NotLeaderException) {
      return 503;
    }
    return cause instanceof PdRefused || cause instanceof IllegalArgumentException ? 400 : 500;
  }

  private static String message(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private void send(ChannelHandlerContext context, boolean keepAlive, int status, JsonNode value) {
    byte[] bytes;
    try {
      bytes = json.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      context.close();
      return;
    }
    ByteBuf content = Unpooled.wrappedBuffer(bytes);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json; charset=UTF-8");
    HttpUtil.setContentLength(response, bytes.length);
    HttpUtil.setKeepAlive(response, keepAlive);
    var written = context.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }
}

package dev.kittiwake.client.rpc;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One connection, made when first used and made again when lost. Callbacks run on the event loop:
 * nobody may block there. Thread-safe.
 */
public final class GrpcChannel implements AutoCloseable {
  private static final int MAX_MESSAGE = 512 << 20;
  private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ManagedChannel channel;
  private final LongSupplier nanos;
  private volatile long lastReset;

  /** On the event loops that gRPC shares among all channels of the JVM. */
  public GrpcChannel(String address, LongSupplier nanos) {
    this(address, nanos, null);
  }

  /**
   * @param loop carries everything of this connection; null = any shared one
   */
  GrpcChannel(String address, LongSupplier nanos, EventLoop loop) {
    String normalized = Addresses.normalized(address);
    this.nanos = nanos;
    this.lastReset = nanos.getAsLong();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(Addresses.host(normalized), Addresses.port(normalized))
            .usePlaintext()
            .directExecutor()
            .keepAliveTime(10, TimeUnit.SECONDS)
            .keepAliveTimeout(3, TimeUnit.SECONDS)
            .maxInboundMessageSize(MAX_MESSAGE)
            .flowControlWindow(4 << 20);
    if (loop != null) {
      builder.eventLoopGroup(loop).channelType(NioSocketChannel.class, InetSocketAddress.class);
    }
    this.channel = builder.build();
  }

  /**
   * The channel for a call. gRPC waits longer and longer between attempts to connect, up to two
   * minutes; who calls wants a new attempt at least each second.
   */
  public Channel connected() {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      long now = nanos.getAsLong();
      if (now - lastReset > RECONNECT_NANOS) {
        lastReset = now;
        channel.resetConnectBackoff();
      }
    }
    return channel;
  }

  /** One call of its own. */
  public <Q, R> CompletableFuture<R> unary(
      MethodDescriptor<Q, R> method, Q request, long timeoutMillis) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
    Futures.addCallback(
        ClientCalls.futureUnaryCall(connected().newCall(method, options), request),
        new FutureCallback<R>() {
          @Override
          public void onSuccess(R response) {
            answer.complete(response);
          }

          @Override
          public void onFailure(Throwable failure) {
            answer.completeExceptionally(failure);
          }
        },
        MoreExecutors.directExecutor());
    return answer;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}

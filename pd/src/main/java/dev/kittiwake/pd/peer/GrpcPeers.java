package dev.kittiwake.pd.peer;

import dev.kittiwake.proto.pdstore.JoinRequest;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Other members over gRPC, one connection each, made when first needed. Thread-safe. */
public final class GrpcPeers implements PeerOutbox, AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 512 << 20;
  private static final long JOIN_MILLIS = 10_000;

  private final EventLoopGroup loops;
  private final LongSupplier nanos;
  private final Map<String, PeerConnection> connections = new ConcurrentHashMap<>();

  /**
   * @param nanos elapsed time
   */
  public GrpcPeers(ThreadFactory threads, LongSupplier nanos) {
    this.loops = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
    this.nanos = nanos;
  }

  @Override
  public void send(MemberRecord to, PeerEnvelope envelope) {
    if (to.getPeerUrlsCount() > 0) {
      connection(to.getPeerUrls(0)).send(envelope);
    }
  }

  @Override
  public CompletableFuture<Void> sendSnapshot(MemberRecord to, PeerEnvelope envelope) {
    if (to.getPeerUrlsCount() == 0) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("member " + to.getName() + " has no address"));
    }
    return connection(to.getPeerUrls(0)).sendSnapshot(envelope);
  }

  /** Asks the member at {@code url} to let somebody in. */
  public CompletableFuture<JoinResponse> join(String url, JoinRequest request) {
    return connection(url).join(request, JOIN_MILLIS);
  }

  private PeerConnection connection(String url) {
    return connections.computeIfAbsent(
        url, target -> new PeerConnection(() -> channel(target), nanos));
  }

  /** A connection of its own, for calls that are passed on; the caller closes it. */
  public ManagedChannel open(String url) {
    return channel(url);
  }

  private ManagedChannel channel(String url) {
    String target = url.replaceFirst("^[a-z]+://", "");
    return NettyChannelBuilder.forTarget("dns:///" + target)
        .channelType(NioSocketChannel.class)
        .eventLoopGroup(loops)
        .directExecutor()
        .usePlaintext()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .build();
  }

  @Override
  public void close() {
    connections.values().forEach(PeerConnection::close);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

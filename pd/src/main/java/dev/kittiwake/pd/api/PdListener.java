package dev.kittiwake.pd.api;

import dev.kittiwake.pd.peer.GrpcPeers;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one port of a member: gRPC and HTTP. */
public final class PdListener implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 512 << 20;

  private final EventLoopGroup loops;
  private final Server server;
  private final HttpApi http;
  private final ForwardedCalls forwarded;
  private final HealthStatusManager health = new HealthStatusManager();

  private PdListener(InetSocketAddress address, PdApi api, GrpcPeers peers, ThreadFactory threads)
      throws IOException {
    loops = new MultiThreadIoEventLoopGroup(2, threads, NioIoHandler.newFactory());
    http = new HttpApi(api);
    forwarded = new ForwardedCalls(api.cluster().members()::otherUrls, peers);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .channelType(NioServerSocketChannel.class)
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .withChildOption(ChannelOption.TCP_NODELAY, true)
            .directExecutor()
            .protocolNegotiator(new PortSniffer(http::install))
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .intercept(forwarded)
            .addService(new PdGrpcService(api, api.cluster()).definition())
            .addService(new KeyspaceService(api))
            .addService(new MetaStorageService(api))
            .addService(new PeerService(api, peers))
            .addService(health.getHealthService());
    for (BindableService service : new EtcdFacade(api).services()) {
      builder.addService(service);
    }
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
    try {
      server = builder.build().start();
    } catch (IOException e) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /**
   * Starts to listen.
   *
   * @param address port 0: any free port
   * @throws IOException if the port is taken
   */
  public static PdListener start(
      InetSocketAddress address, PdApi api, GrpcPeers peers, ThreadFactory threads)
      throws IOException {
    return new PdListener(address, api, peers, threads);
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    health.enterTerminalState();
    http.close();
    forwarded.close();
    server.shutdownNow();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

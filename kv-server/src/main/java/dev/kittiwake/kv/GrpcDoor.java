package dev.kittiwake.kv;

import dev.kittiwake.proto.Wiring;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The listening socket of a store. Calls are handled on the event loops: a hop to another thread
 * costs more than most requests.
 */
@Wiring
final class GrpcDoor implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private final Server server;
  private final String host;

  private GrpcDoor(Server server, String host) {
    this.server = server;
    this.host = host;
  }

  /**
   * Listens at {@code host:port}; port 0 = any free one.
   *
   * @throws InvalidConfig if that is no address or taken
   */
  static GrpcDoor open(String address, List<BindableService> services) {
    int colon = address.lastIndexOf(':');
    int port = colon < 0 ? -1 : port(address.substring(colon + 1));
    if (port < 0) {
      throw new InvalidConfig("listen = \"" + address + "\" is not host:port");
    }
    String host = address.substring(0, colon);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
            .directExecutor()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    services.forEach(builder::addService);
    try {
      return new GrpcDoor(builder.build().start(), host);
    } catch (IOException taken) {
      throw new InvalidConfig(
          "cannot listen at "
              + address
              + ": the port is taken or the address is not this machine's");
    }
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port >= 0 && port < 65536 ? port : -1;
    } catch (NumberFormatException noNumber) {
      return -1;
    }
  }

  /** A channel to another store's door. */
  static ManagedChannel channel(String address) {
    return NettyChannelBuilder.forTarget(address)
        .usePlaintext()
        .directExecutor()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(3, TimeUnit.SECONDS)
        .build();
  }

  String address() {
    return host + ":" + server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

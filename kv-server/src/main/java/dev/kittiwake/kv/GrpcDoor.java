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

  /** Who is silent for so long is asked for a sign of life, and cut off if none comes. */
  record Silence(long askAfterMillis, long cutOffAfterMillis) {
    static final Silence DEFAULT = new Silence(10_000, 3_000);
  }

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
    return open(address, services, Silence.DEFAULT);
  }

  /**
   * Like {@link #open(String, List)}.
   *
   * @param silence whose machine has lost its power says no good-bye: without asking, its
   *     connections, and what is kept for them, would stay for hours
   */
  static GrpcDoor open(String address, List<BindableService> services, Silence silence) {
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
            .keepAliveTime(silence.askAfterMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(silence.cutOffAfterMillis(), TimeUnit.MILLISECONDS)
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
        .keepAliveTime(Silence.DEFAULT.askAfterMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(Silence.DEFAULT.cutOffAfterMillis(), TimeUnit.MILLISECONDS)
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

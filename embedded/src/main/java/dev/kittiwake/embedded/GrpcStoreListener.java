package dev.kittiwake.embedded;

import dev.kittiwake.kv.RequestSide;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Opens a gRPC port for each store: the first one from a given port on that is free, and the same
 * again after a restart.
 */
final class GrpcStoreListener implements StoreListener {
  private static final int TRIES = 200;
  private static final int MAX_MESSAGE_BYTES = 512 << 20;
  private static final long KEEP_ALIVE_SECONDS = 1;
  private static final long CLOSE_MILLIS = 500;

  private final String host;
  private final int firstPort;
  private final Map<Integer, Integer> ports =
      new ConcurrentHashMap<>(); // of stores that have listened before

  /**
   * @param firstPort where to begin; 0 = any port for each
   */
  GrpcStoreListener(String host, int firstPort) {
    this.host = host;
    this.firstPort = firstPort;
  }

  @Override
  public Opened open(int number, RequestSide requests) {
    Integer before = ports.get(number);
    int from = before != null ? before : firstPort == 0 ? 0 : firstPort + number - 1;
    IOException last = null;
    for (int shift = 0; shift < (from == 0 || before != null ? 1 : TRIES); shift++) {
      try {
        Server server = server(requests, from + shift).start();
        ports.put(number, server.getPort());
        return new Opened(host + ":" + server.getPort(), () -> close(server));
      } catch (IOException taken) {
        last = taken;
      }
    }
    throw new IllegalStateException(
        "no free port for store "
            + number
            + " from "
            + host
            + ":"
            + from
            + " on; choose another with --kv-port",
        last);
  }

  private Server server(RequestSide requests, int port) {
    HealthStatusManager health = new HealthStatusManager();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
            .directExecutor()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .permitKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(health.getHealthService());
    requests.services().forEach(builder::addService);
    return builder.build();
  }

  private static void close(Server server) throws InterruptedException {
    server.shutdown();
    if (!server.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
      server.shutdownNow();
    }
  }
}

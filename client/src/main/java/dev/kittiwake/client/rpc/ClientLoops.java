package dev.kittiwake.client.rpc;

import dev.kittiwake.proto.Wiring;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of a client's connections to stores. Fewer than processors: what the connections
 * of one loop have to send and have received is then handled in one go, where more loops would only
 * wake each other up. Each connection has one loop for life. Thread-safe.
 */
@Wiring
final class ClientLoops implements AutoCloseable {
  private static final int MOST = 8;

  private final EventLoopGroup group;

  ClientLoops(int processors) {
    int threads = Math.max(1, Math.min(MOST, processors / 2));
    group =
        new MultiThreadIoEventLoopGroup(
            threads,
            new DefaultThreadFactory("kittiwake-client-io", true),
            NioIoHandler.newFactory());
  }

  EventLoop next() {
    return group.next();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}

package dev.kittiwake.client.rpc;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stores over gRPC: a few connections to each, with one batch stream each; calls that have no place
 * in the stream are calls of their own. Thread-safe.
 */
public final class GrpcKvRpc implements KvRpc {
  private static final long SWEEP_MILLIS = 200;

  private final ClientConfig config;
  private final ClientRuntime runtime;
  private final ClientLoops loops = new ClientLoops(Runtime.getRuntime().availableProcessors());
  private final Map<String, Store> stores = new ConcurrentHashMap<>();
  private final AtomicBoolean sweeping = new AtomicBoolean(); // a sweep is scheduled
  private volatile boolean closed;

  public GrpcKvRpc(ClientConfig config, ClientRuntime runtime) {
    this.config = config;
    this.runtime = runtime;
  }

  @Override
  public KvEndpoint endpoint(String address) {
    Store store = stores.computeIfAbsent(address, Store::new);
    if (closed) {
      store.close(); // it may have come after those that were closed
    }
    return store;
  }

  @Override
  public void close() {
    closed = true;
    stores.values().forEach(Store::close);
    stores.clear();
    loops.close();
  }

  /** Looks for overdue requests while there are requests under way. */
  private void sweepSoon() {
    if (!closed && sweeping.compareAndSet(false, true)) {
      runtime.timer().schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweeping.set(false);
    long now = runtime.nanos().getAsLong();
    boolean idle = true;
    for (Store store : stores.values()) {
      for (BatchCommandsStream stream : store.streams) {
        stream.expire(now);
        idle &= stream.isIdle();
      }
    }
    if (!idle) {
      sweepSoon();
    }
  }

  /** The connections to one store. */
  private final class Store implements KvEndpoint {
    private final List<GrpcChannel> channels = new ArrayList<>();
    final List<BatchCommandsStream> streams = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    Store(String address) {
      for (int i = 0; i < config.connectionsPerStore(); i++) {
        EventLoop loop = loops.next();
        GrpcChannel channel = new GrpcChannel(address, runtime.nanos(), loop);
        channels.add(channel);
        streams.add(new BatchCommandsStream(channel, loop));
      }
    }

    @Override
    public <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request) {
      if (closed) {
        return CompletableFuture.failedFuture(
            Status.CANCELLED.withDescription("the client is closed").asRuntimeException());
      }
      int next = Math.floorMod(turn.getAndIncrement(), channels.size());
      if (!method.isBatched()) {
        return channels
            .get(next)
            .unary(method.descriptor(), request, config.requestTimeout().toMillis());
      }
      long deadline = runtime.nanos().getAsLong() + config.requestTimeout().toNanos();
      CompletableFuture<R> answer = streams.get(next).call(method, request, deadline);
      if (!answer.isDone()) {
        sweepSoon();
      }
      return answer;
    }

    void close() {
      channels.forEach(GrpcChannel::close);
    }
  }
}

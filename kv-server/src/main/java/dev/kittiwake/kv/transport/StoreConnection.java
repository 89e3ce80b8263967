package dev.kittiwake.kv.transport;

import dev.kittiwake.proto.store.ExchangeEnd;
import dev.kittiwake.proto.store.RaftEnvelopes;
import dev.kittiwake.proto.store.StoreTransportGrpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream to one other store. Thread-safe; never blocks. */
final class StoreConnection {
  private static final Logger LOG = LoggerFactory.getLogger(StoreConnection.class);
  private static final int MAX_BACKOFFS = 5;

  private final GrpcRaftTransport.Wire wire;
  private final long target;

  // All guarded by this.
  private List<Envelope> gathered = new ArrayList<>();
  private ManagedChannel channel;
  private ClientCallStreamObserver<RaftEnvelopes> stream; // null = not open
  private boolean waiting; // for an address, or for the end of a pause
  private int failures;
  private boolean closed;

  StoreConnection(GrpcRaftTransport.Wire wire, long target) {
    this.wire = wire;
    this.target = target;
  }

  synchronized void add(Envelope envelope) {
    if (!closed && gathered.size() < wire.maxQueued()) {
      gathered.add(envelope);
    }
  }

  /** Sends what was gathered, or begins to connect. */
  synchronized void flush() {
    if (gathered.isEmpty() || closed) {
      return;
    }
    if (stream == null) {
      connect();
      return;
    }
    if (!stream.isReady()) {
      return; // the receiver is slow; onReady flushes again
    }
    RaftEnvelopes.Builder frame =
        RaftEnvelopes.newBuilder()
            .setClusterId(wire.clusterId())
            .setFromStore(wire.storeId())
            .setToStore(target);
    gathered.forEach(envelope -> frame.addEnvelopes(envelope.encode()));
    gathered = new ArrayList<>();
    stream.onNext(frame.build());
  }

  private void connect() {
    if (waiting) {
      return;
    }
    waiting = true;
    channel()
        .whenComplete(
            (open, failure) -> {
              if (failure == null) {
                openStream(open);
              } else {
                onBroken(failure);
              }
            });
  }

  /** The channel to the store, made if there is none. */
  CompletableFuture<ManagedChannel> channel() {
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(new IllegalStateException("the store is stopping"));
      }
      if (channel != null) {
        return CompletableFuture.completedFuture(channel);
      }
    }
    return wire.addresses().address(target).thenApply(this::openChannel);
  }

  private synchronized ManagedChannel openChannel(String address) {
    if (closed) {
      throw new IllegalStateException("the store is stopping");
    }
    if (channel == null) {
      channel = wire.channels().apply(address);
    }
    return channel;
  }

  private void openStream(ManagedChannel open) {
    StoreTransportGrpc.newStub(open)
        .exchange(
            new ClientResponseObserver<RaftEnvelopes, ExchangeEnd>() {
              private ClientCallStreamObserver<RaftEnvelopes> call;

              @Override
              public void beforeStart(ClientCallStreamObserver<RaftEnvelopes> observer) {
                call = observer;
                observer.setOnReadyHandler(() -> onReady(observer));
              }

              @Override
              public void onNext(ExchangeEnd end) {
                // The receiver answers only by ending the stream.
              }

              @Override
              public void onError(Throwable failure) {
                onStreamEnd(call, failure);
              }

              @Override
              public void onCompleted() {
                onStreamEnd(call, null);
              }
            });
  }

  private synchronized void onReady(ClientCallStreamObserver<RaftEnvelopes> observer) {
    if (closed) {
      observer.cancel("the store is stopping", null);
      return;
    }
    if (stream == null) {
      stream = observer;
      waiting = false;
    }
    if (stream == observer) {
      failures = 0;
      flush();
    }
  }

  private void onStreamEnd(ClientCallStreamObserver<RaftEnvelopes> ended, Throwable failure) {
    synchronized (this) {
      if (stream != null && stream != ended) {
        return;
      }
      stream = null;
    }
    onBroken(failure);
  }

  private synchronized void onBroken(Throwable failure) {
    if (closed) {
      return;
    }
    if (failures == 0) {
      LOG.debug("store={} stream to store {} broke", wire.storeId(), target, failure);
    }
    gathered.clear(); // old by the time of the next attempt; raft sends again
    if (channel != null) {
      channel.shutdownNow(); // the store may have moved: look its address up again
      channel = null;
    }
    failures = Math.min(failures + 1, MAX_BACKOFFS);
    waiting = true;
    wire.timer().schedule(this::mayConnect, wire.backoffMillis() * failures, TimeUnit.MILLISECONDS);
  }

  private synchronized void mayConnect() {
    waiting = false;
    flush();
  }

  synchronized void close() {
    closed = true;
    if (stream != null) {
      stream.cancel("the store is stopping", null);
      stream = null;
    }
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
    }
  }
}

package dev.kittiwake.pd.api;

import dev.kittiwake.pd.peer.GrpcPeers;
import dev.kittiwake.proto.pdpb.PDGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Passes calls on to the member that their header names: clients that cannot reach the leader send
 * them to a member that can. A header that names this member, or nobody we know, has no effect.
 */
final class ForwardedCalls implements ServerInterceptor, AutoCloseable {
  static final Metadata.Key<String> HOST =
      Metadata.Key.of("pd-forwarded-host", Metadata.ASCII_STRING_MARSHALLER);

  private final Supplier<Set<String>> others;
  private final GrpcPeers peers;
  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  /**
   * @param others the URLs of the other members, from any thread
   */
  ForwardedCalls(Supplier<Set<String>> others, GrpcPeers peers) {
    this.others = others;
    this.peers = peers;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String host = headers.get(HOST);
    boolean isPd = PDGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
    String url = host == null || host.contains("://") ? host : "http://" + host;
    if (host == null || !isPd || !others.get().contains(url)) {
      return next.startCall(call, headers);
    }
    Metadata onwardHeaders = new Metadata();
    onwardHeaders.merge(headers);
    onwardHeaders.discardAll(HOST); // once only
    ClientCall<Q, R> onward =
        channels
            .computeIfAbsent(url, peers::open)
            .newCall(call.getMethodDescriptor(), CallOptions.DEFAULT);
    Relay<Q, R> relay = new Relay<>(call, onward);
    onward.start(relay.responses(), onwardHeaders);
    onward.request(1);
    call.request(1);
    return relay.requests();
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }

  /** One call, both ways, one message at a time in each direction. */
  private static final class Relay<Q, R> {
    private final ServerCall<Q, R> caller;
    private final ClientCall<Q, R> onward;
    private boolean callerOwed; // guarded by this: a request may be asked for when onward is ready
    private boolean onwardOwed; // guarded by this: likewise a response

    Relay(ServerCall<Q, R> caller, ClientCall<Q, R> onward) {
      this.caller = caller;
      this.onward = onward;
    }

    ServerCall.Listener<Q> requests() {
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(Q message) {
          onward.sendMessage(message);
          synchronized (Relay.this) {
            callerOwed = !onward.isReady();
            if (callerOwed) {
              return;
            }
          }
          caller.request(1);
        }

        @Override
        public void onHalfClose() {
          onward.halfClose();
        }

        @Override
        public void onCancel() {
          onward.cancel("the caller has gone", null);
        }

        @Override
        public void onReady() {
          synchronized (Relay.this) {
            if (!onwardOwed) {
              return;
            }
            onwardOwed = false;
          }
          onward.request(1);
        }
      };
    }

    ClientCall.Listener<R> responses() {
      return new ClientCall.Listener<>() {
        @Override
        public void onHeaders(Metadata headers) {
          caller.sendHeaders(headers);
        }

        @Override
        public void onMessage(R message) {
          caller.sendMessage(message);
          synchronized (Relay.this) {
            onwardOwed = !caller.isReady();
            if (onwardOwed) {
              return;
            }
          }
          onward.request(1);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
          caller.close(status, trailers);
        }

        @Override
        public void onReady() {
          synchronized (Relay.this) {
            if (!callerOwed) {
              return;
            }
            callerOwed = false;
          }
          caller.request(1);
        }
      };
    }
  }
}

package dev.kittiwake.simulation.network;

import dev.kittiwake.client.rpc.KvRpc;
import dev.kittiwake.client.rpc.NotSentException;
import dev.kittiwake.proto.kvrpcpb.CommitResponse;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.simulation.time.Machine;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The way of one machine to the stores. */
public final class SimKvRpc implements KvRpc {
  /**
   * What must not arrive twice: the protocol has no way to tell a repeated raw write from a new
   * one, and no transport repeats what it was given once.
   */
  private static final Set<String> ONCE =
      Set.of(
          "RawPut",
          "RawBatchPut",
          "RawDelete",
          "RawBatchDelete",
          "RawDeleteRange",
          "RawCompareAndSwap",
          "SplitRegion",
          "UnsafeDestroyRange",
          "KvDeleteRange");

  private final SimCalls calls;
  private final Machine self;
  private final Function<String, Served> stores;
  private final long timeoutNanos;

  /** A store as the network knows it. */
  public interface Served {
    Machine machine();

    /** Its door at this moment; null while it does not listen. */
    KvEndpoint endpoint();
  }

  /**
   * @param stores by address; null if there is none
   */
  public SimKvRpc(
      SimCalls calls, Machine self, Function<String, Served> stores, long timeoutNanos) {
    this.calls = calls;
    this.self = self;
    this.stores = stores;
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  public KvEndpoint endpoint(String address) {
    return new KvEndpoint() {
      @Override
      public <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request) {
        Served store = stores.apply(address);
        if (store == null) {
          return CompletableFuture.failedFuture(
              new NotSentException(Status.UNAVAILABLE.withDescription("no store at " + address)));
        }
        return calls.call(
            self,
            store.machine(),
            method.name(),
            request,
            arrived -> {
              KvEndpoint door = store.endpoint();
              return door == null ? null : door.call(method, arrived);
            },
            timeoutNanos,
            ONCE.contains(method.name()) ? null : SimKvRpc::holdsForBoth);
      }
    };
  }

  /**
   * A prewrite or commit that is refused has not happened, but a second copy of it may happen yet.
   * No transport repeats a request and then passes on what is said of one copy: whoever sends again
   * has lost the first answer, and knows that.
   */
  private static boolean holdsForBoth(Object answer) {
    if (answer instanceof PrewriteResponse prewrite) {
      return !prewrite.hasRegionError() && prewrite.getErrorsCount() == 0;
    }
    return !(answer instanceof CommitResponse commit)
        || (!commit.hasRegionError() && !commit.hasError());
  }

  @Override
  public void close() {
    // Connections end with the machine.
  }
}

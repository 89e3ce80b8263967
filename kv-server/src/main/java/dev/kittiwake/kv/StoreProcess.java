package dev.kittiwake.kv;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.client.rpc.GrpcKvRpc;
import dev.kittiwake.client.rpc.KvRpc;
import dev.kittiwake.client.txn.PercolatorClient;
import dev.kittiwake.kv.deadlock.GrpcDeadlockTransport;
import dev.kittiwake.kv.gc.GcLeader;
import dev.kittiwake.kv.status.StatusServer;
import dev.kittiwake.kv.status.StorePages;
import dev.kittiwake.proto.Wiring;
import io.grpc.BindableService;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A store as a process of its own: the {@link KvServer}, its {@link RequestSide}, health, and the
 * status port.
 */
@Wiring
public final class StoreProcess implements AutoCloseable {
  private final KvServer server;
  private final StatusServer status; // null = none
  private final GrpcDeadlockTransport deadlocks = new GrpcDeadlockTransport();
  private final ClientRuntime gcRuntime = ClientRuntime.production();
  private final KvRpc gcRpc = new GrpcKvRpc(ClientConfig.DEFAULT, gcRuntime);
  private final long gcPollMillis;
  private final ExecutorService requests;
  private final ExecutorService pages =
      Executors.newSingleThreadExecutor(StoreThreads.named("store-status"));
  private final AtomicReference<KvServer> serving = new AtomicReference<>();

  private StoreProcess(KvConfig config, PdClient pd) {
    int cores = Runtime.getRuntime().availableProcessors();
    this.requests =
        Executors.newFixedThreadPool(Math.max(2, cores), StoreThreads.named("store-requests"));
    this.gcPollMillis = config.millis(KvSetting.GC_POLL);
    this.status = status(config);
    KvConfig told =
        status == null ? config : config.with(KvSetting.STATUS, host(config) + ":" + status.port());
    this.server = new KvServer(told, pd, KvServer.Surroundings.NONE, seam -> services(seam, pd));
  }

  /**
   * Starts the store; returns when it serves.
   *
   * @throws RuntimeException with a line for the user if data, ports or the placement driver cannot
   *     be used
   */
  public static StoreProcess start(KvConfig config, PdClient pd) {
    StoreProcess process = new StoreProcess(config, pd);
    try {
      process.serving.set(process.server.start());
      return process;
    } catch (RuntimeException failure) {
      process.closeRest();
      throw failure;
    }
  }

  private List<BindableService> services(KvServer.Seam seam, PdClient pd) {
    RequestSide side =
        new RequestSide(
            seam.access(),
            pd,
            deadlocks,
            new RequestSide.Runtime(
                seam.runtime().timer(),
                seam.runtime().apply(),
                requests,
                requests,
                seam.runtime().nanos()),
            RequestSide.Limits.DEFAULT);
    leadCollection(seam, pd);
    List<BindableService> services = new ArrayList<>(side.services());
    services.add(new HealthStatusManager().getHealthService());
    return services;
  }

  /** A store is a client of the others where it removes their locks. */
  private void leadCollection(KvServer.Seam seam, PdClient pd) {
    RegionRouter router = new RegionRouter(pd, gcRpc, gcRuntime);
    GcLeader leader =
        new GcLeader(
            pd, new PercolatorClient(router, pd, ClientConfig.DEFAULT, gcRuntime)::sweepLocks);
    seam.access().addListener(leader);
    gcRuntime
        .timer()
        .scheduleWithFixedDelay(leader, gcPollMillis, gcPollMillis, TimeUnit.MILLISECONDS);
  }

  private StatusServer status(KvConfig config) {
    String address = config.text(KvSetting.STATUS);
    if (address.isEmpty()) {
      return null;
    }
    try {
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      return new StatusServer(
          new InetSocketAddress(host(config), port), StorePages.of(config, serving::get), pages);
    } catch (IOException | IllegalArgumentException unusable) {
      throw new InvalidConfig(
          "cannot listen for status at "
              + address
              + " ("
              + unusable.getMessage()
              + "): choose another host:port with status, or leave it empty");
    }
  }

  private static String host(KvConfig config) {
    String address = config.text(KvSetting.STATUS);
    int colon = address.lastIndexOf(':');
    return colon < 0 ? address : address.substring(0, colon);
  }

  public long storeId() {
    return server.storeId();
  }

  public String address() {
    return server.address();
  }

  /** Completes if the store cannot go on; it must be closed then. */
  public CompletableFuture<Throwable> failed() {
    return server.failed();
  }

  /** Hands leaderships over, then stops. */
  @Override
  public void close() {
    serving.set(null); // its pages say so instead of looking into what is being taken apart
    server.close();
    closeRest();
  }

  private void closeRest() {
    if (status != null) {
      status.close();
    }
    deadlocks.close();
    gcRpc.close();
    gcRuntime.close();
    requests.shutdownNow();
    pages.shutdownNow();
  }
}

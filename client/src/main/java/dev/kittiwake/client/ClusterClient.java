package dev.kittiwake.client;

import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.raw.AsyncRawClient;
import dev.kittiwake.client.raw.RawClient;
import dev.kittiwake.client.region.RegionRouter;
import dev.kittiwake.client.rpc.GrpcKvRpc;
import dev.kittiwake.client.rpc.KvRpc;
import dev.kittiwake.client.txn.PercolatorClient;
import dev.kittiwake.client.txn.TransactionClient;
import java.time.Duration;
import java.util.List;

/** Everything a program needs of a cluster. Thread-safe; make one and share it. */
public final class ClusterClient implements AutoCloseable {
  private final PdClient pd;
  private final KvRpc rpc;
  private final ClientConfig config;
  private final ClientRuntime runtime;
  private final RegionRouter router;
  private final RawClient raw;
  private final PercolatorClient transactions;

  /**
   * A client over given ways to the placement driver and the stores. It takes them over: {@link
   * #close} closes them and shuts the runtime down.
   */
  public ClusterClient(PdClient pd, KvRpc rpc, ClientConfig config, ClientRuntime runtime) {
    this.pd = pd;
    this.rpc = rpc;
    this.config = config;
    this.runtime = runtime;
    this.router = new RegionRouter(pd, rpc, runtime);
    this.raw = new RawClient(new AsyncRawClient(router, config), runtime);
    this.transactions = new PercolatorClient(router, pd, config, runtime);
  }

  /**
   * Connects over gRPC to the cluster of the placement driver at these addresses ({@code
   * host:port}). Returns when one of its members has answered.
   *
   * @throws dev.kittiwake.client.error.PdUnavailableException if none answers within {@link
   *     ClientConfig#pdBudget}
   */
  public static ClusterClient connect(List<String> pdEndpoints, ClientConfig config) {
    return connect(pdEndpoints, config, config.pdBudget());
  }

  /**
   * As {@link #connect(List, ClientConfig)}, but looks only {@code patience} long for the first
   * answer: who starts wants to know soon that nobody is there, who works waits for a restart.
   */
  public static ClusterClient connect(
      List<String> pdEndpoints, ClientConfig config, Duration patience) {
    ClientRuntime runtime = ClientRuntime.production();
    try {
      EndpointPdClient pd = EndpointPdClient.connect(pdEndpoints, config, runtime);
      ClusterClient client = new ClusterClient(pd, new GrpcKvRpc(config, runtime), config, runtime);
      try {
        runtime.await(pd.clusterId(patience.toMillis()));
        return client;
      } catch (RuntimeException e) {
        client.close();
        throw e;
      }
    } catch (RuntimeException e) {
      runtime.close();
      throw e;
    }
  }

  public RawClient raw() {
    return raw;
  }

  public TransactionClient transactions() {
    return transactions;
  }

  public PdClient pd() {
    return pd;
  }

  /**
   * Makes regions begin at the given keys of transactional data; keys where one begins already are
   * skipped.
   *
   * @param scatter also ask the placement driver to spread the new regions over the stores
   */
  public void splitRegions(List<byte[]> userKeys, boolean scatter) {
    new RegionSplits(router, pd, config).split(userKeys, scatter, runtime);
  }

  @Override
  public void close() {
    transactions.close();
    router.close();
    rpc.close();
    pd.close();
    runtime.close();
  }
}

package dev.kittiwake.embedded;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.pd.EndpointPdClient;
import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.client.rpc.LocalKvRpc;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.engine.BlockCache;
import dev.kittiwake.kv.gc.GcProgress;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.proto.Wiring;
import dev.kittiwake.raft.wal.WalConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A cluster inside this JVM. Thread-safe.
 *
 * <pre>{@code
 * try (LocalCluster cluster = LocalCluster.builder().stores(3).inMemory().start();
 *     ClusterClient client = cluster.connect()) {
 *   client.raw().put(key, value);
 *   cluster.kill(1);
 * }
 * }</pre>
 */
public final class LocalCluster implements AutoCloseable {
  private static final long START_SECONDS = 60;

  private final ClusterThreads threads = new ClusterThreads();
  private final LocalKvRpc rpc = new LocalKvRpc();
  private final LocalStores neighbours = new LocalStores();
  private final List<EmbeddedStore> stores = new ArrayList<>();
  private final List<String> storeAddresses = new ArrayList<>();
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private final EmbeddedPds pd;
  private final PdClient storesPd; // the placement driver as the stores see it
  private final BlockCache cache;

  private LocalCluster(Builder options) {
    boolean started = false;
    EmbeddedPds startedPd = null;
    PdClient startedClient = null;
    BlockCache sharedCache = null;
    try {
      startedPd =
          new EmbeddedPds(options.pds, options.pd, options.directory, options.host, options.pdPort);
      startedPd.failed().thenAccept(failed::complete);
      startedClient =
          EndpointPdClient.of(
              startedPd.endpoints(), ClientConfig.DEFAULT, ClientRuntime.production());
      sharedCache =
          options.directory == null
              ? null
              : new BlockCache(options.kv.number(KvSetting.BLOCK_CACHE));
      this.pd = startedPd;
      this.storesPd = startedClient;
      this.cache = sharedCache;
      startStores(options);
      started = true;
    } finally {
      if (!started) {
        stores.forEach(store -> store.stop(false));
        closeAll(startedClient, startedPd, sharedCache, threads);
      }
    }
  }

  @Wiring
  private void startStores(Builder options) {
    SplittableRandom random = new SplittableRandom();
    EmbeddedStore.Neighbours shared =
        new EmbeddedStore.Neighbours(threads, neighbours, rpc, storesPd, options.listener());
    for (int number = 1; number <= options.stores; number++) {
      EmbeddedStore store =
          new EmbeddedStore(
              number,
              options.kv,
              options.disk(number, cache),
              shared,
              random.split(),
              failed::complete);
      stores.add(store);
      start(store, number);
      storeAddresses.add(store.address());
    }
  }

  private static void start(EmbeddedStore store, int number) {
    try {
      store.start().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException
          ? (RuntimeException) e.getCause()
          : new IllegalStateException(e.getCause().getMessage(), e.getCause());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "store " + number + " cannot open its data: " + e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "store " + number + " did not start within " + START_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while store " + number + " was starting", e);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A client within this JVM; the caller closes it. */
  public ClusterClient connect() {
    return connect(ClientConfig.DEFAULT);
  }

  public ClusterClient connect(ClientConfig config) {
    ClientRuntime runtime = ClientRuntime.production();
    return new ClusterClient(
        EndpointPdClient.of(pd.endpoints(), config, runtime), shared(rpc), config, runtime);
  }

  /** The ways to the stores belong to the cluster: a client that is closed must not close them. */
  private static dev.kittiwake.client.rpc.KvRpc shared(LocalKvRpc rpc) {
    return new dev.kittiwake.client.rpc.KvRpc() {
      @Override
      public dev.kittiwake.proto.rpc.KvEndpoint endpoint(String storeAddress) {
        return rpc.endpoint(storeAddress);
      }

      @Override
      public void close() {
        // the cluster does it
      }
    };
  }

  /**
   * Under which URL a member of the placement driver is reached over the network, if it listens.
   */
  public String pdUrl() {
    return pd.urls().get(0);
  }

  /** The URLs of all members of the placement driver, in order. */
  public List<String> pdUrls() {
    return pd.urls();
  }

  /** The number of the member of the placement driver that leads (from 1); none if none does. */
  public Optional<Integer> pdLeader() {
    return pd.leader();
  }

  /** Ends member {@code number} (from 1) of the placement driver as a kill would. */
  public void killPd(int number) {
    pd.kill(number);
  }

  /** Starts member {@code number} (from 1) of the placement driver again on its data. */
  public void restartPd(int number) {
    pd.restart(number);
  }

  /** The addresses of the stores, in order; ports only if the cluster listens. */
  public List<String> storeAddresses() {
    return List.copyOf(storeAddresses);
  }

  /** Completes if the placement driver or a store cannot go on. */
  public CompletableFuture<Throwable> failed() {
    return failed;
  }

  public int storeCount() {
    return stores.size();
  }

  /** The regions of store {@code number} (from 1); for tests. */
  public RegionAccess access(int number) {
    return stores.get(number - 1).access();
  }

  /** How far garbage collection on store {@code number} (from 1) is. */
  public GcProgress gcProgress(int number) {
    return stores.get(number - 1).gcProgress();
  }

  /**
   * Ends store {@code number} (from 1) as a kill would: without a word to the others. Its data
   * stays.
   */
  public void kill(int number) {
    stores.get(number - 1).stop(false);
  }

  /** Starts store {@code number} (from 1) again on its data. */
  public void restart(int number) {
    start(stores.get(number - 1), number);
  }

  @Override
  public void close() {
    stores.forEach(store -> store.stop(false));
    closeAll(storesPd, pd, threads, cache);
  }

  private static void closeAll(AutoCloseable... all) {
    RuntimeException first = null;
    for (AutoCloseable one : all) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (Exception e) {
        first =
            first == null
                ? new IllegalStateException(
                    "the cluster did not close in order: " + e.getMessage(), e)
                : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Collects options; {@link #start} makes the cluster. */
  public static final class Builder {
    private int stores = 3;
    private Path directory; // null = in memory
    // All stores share a disk that others fill: no store is better off for having fewer replicas.
    private PdConfig pd =
        PdConfig.inMemory().withSetting(ScheduleSetting.LOW_SPACE_RATIO.key(), "0.99");
    private int pds = 1;
    // Stores of one process share its processors: two halves of a busy region are no faster there.
    private KvConfig kv = KvConfig.standard().with(KvSetting.SPLIT_QPS, "0");
    private String host;
    private int pdPort;
    private int kvPort;

    private Builder() {}

    /** How many stores; three unless said. */
    public Builder stores(int count) {
      if (count < 1 || count > 100) {
        throw new IllegalArgumentException("stores must be 1 to 100, not " + count);
      }
      stores = count;
      return this;
    }

    /** Everything in memory, gone with the cluster; the default. */
    public Builder inMemory() {
      directory = null;
      return this;
    }

    /** Data in {@code path}, which is made if need be; a cluster that is there already goes on. */
    public Builder dataDir(Path path) {
      directory = path;
      return this;
    }

    /** Also opens ports, so that clients of other processes can connect; port 0 = any. */
    public Builder listen(String onHost, int forPd, int forFirstStore) {
      host = onHost;
      pdPort = forPd;
      kvPort = forFirstStore;
      return this;
    }

    /**
     * Settings of the stores; address and data directory in it are not regarded. Unless said, the
     * standard ones, but without splitting regions for their load.
     */
    public Builder kv(KvConfig config) {
      kv = config;
      return this;
    }

    /**
     * How many members the placement driver has; one unless said. Three survive the loss of one.
     */
    public Builder pd(int members) {
      if (members < 1 || members > 7) {
        throw new IllegalArgumentException("members of pd must be 1 to 7, not " + members);
      }
      pds = members;
      return this;
    }

    /** Settings of the placement driver; address and data directory in it are not regarded. */
    public Builder pd(PdConfig config) {
      pd = config;
      return this;
    }

    /**
     * Starts the cluster; returns when all its stores serve.
     *
     * @throws RuntimeException with a message for the user if data or ports cannot be used
     */
    public LocalCluster start() {
      if (directory != null) {
        try {
          Files.createDirectories(directory);
        } catch (IOException e) {
          throw new UncheckedIOException(
              "cannot use data directory " + directory + ": " + e.getMessage(), e);
        }
      }
      return new LocalCluster(this);
    }

    private StoreListener listener() {
      return host == null ? StoreListener.none() : new GrpcStoreListener(host, kvPort);
    }

    private StoreDisk disk(int number, BlockCache cache) {
      if (directory == null) {
        return new StoreDisk.Memory();
      }
      WalConfig log =
          new WalConfig(
              kv.number(KvSetting.WAL_SEGMENT),
              kv.count(KvSetting.WAL_SEGMENTS),
              2,
              kv.number(KvSetting.WAL_CACHE),
              8 << 20);
      return new StoreDisk.OnDisk(directory.resolve("store-" + number), cache, log);
    }
  }
}

package dev.kittiwake.pd;

import dev.kittiwake.pd.api.PdApi;
import dev.kittiwake.pd.api.PdListener;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.cluster.PdRuntime;
import dev.kittiwake.pd.replica.DiskStorage;
import dev.kittiwake.pd.replica.MemoryStorage;
import dev.kittiwake.pd.replica.PdReplica;
import dev.kittiwake.pd.replica.PdStorage;
import dev.kittiwake.pd.replica.PdStorageException;
import dev.kittiwake.proto.Wiring;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.RaftConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running member of the placement driver, and the wiring of its parts. */
public final class PdServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PdServer.class);
  private static final long START_SECONDS = 30;

  private final PdCluster cluster;
  private final PdApi api;
  private final PdStorage storage;
  private final String clientUrl;
  private final List<Runnable> closing = Collections.synchronizedList(new ArrayList<>()); // reverse
  private boolean closed;

  private PdServer(PdConfig config, PdRuntime runtime, PdStorage storage, Front front) {
    this.storage = storage;
    this.clientUrl = front.url(config);
    MemberRecord self =
        MemberRecord.newBuilder()
            .setId(config.memberId())
            .setName(config.name())
            .addClientUrls(clientUrl)
            .addPeerUrls(clientUrl)
            .build();
    PdConfig.Timing timing = config.timing();
    RaftConfig raft = RaftConfig.of(config.memberId());
    PdCluster.Options options =
        new PdCluster.Options(
            self,
            new PdReplica.Options(raft, Membership.of(config.memberId()), timing.snapshotEntries()),
            config.settings(),
            timing.idBlock(),
            timing.timestampWindowMillis(),
            timing.timestampStepMillis(),
            timing.raftTickMillis(),
            timing.patrolMillis(),
            timing.raftTickMillis() * (raft.electionTicks() - 1));
    // one member has nobody to send to
    this.cluster = new PdCluster(options, storage, message -> {}, runtime);
    this.api = new PdApi(cluster);
    storage
        .failed()
        .thenAccept(
            failure -> {
              log.error(
                  "event=disk_failed the member stops, its data directory is not usable", failure);
              runtime.loop().execute(cluster::close);
            });
  }

  /** Where a member is reached; decided before it starts, because it tells others. */
  private record Front(Optional<InetSocketAddress> bound) {
    String url(PdConfig config) {
      if (config.advertise().isPresent()) {
        String url = config.advertise().get();
        return url.contains("://") ? url : "http://" + url;
      }
      if (bound.isEmpty()) {
        return "http://127.0.0.1:" + PdConfig.DEFAULT_PORT;
      }
      String host = bound.get().getHostString();
      boolean isWildcard = host.equals("0.0.0.0") || host.equals("::") || host.isEmpty();
      return "http://" + (isWildcard ? "127.0.0.1" : host) + ":" + bound.get().getPort();
    }
  }

  /**
   * Runs a member on a given loop, without threads, disk or port of its own: for embedded clusters
   * that bring their threads and for simulation. Ready when {@link #ready} is.
   *
   * @param storage what is left of an earlier run, or a new one
   */
  public static PdServer start(PdConfig config, PdRuntime runtime, PdStorage storage) {
    PdServer server = new PdServer(config, runtime, storage, new Front(Optional.empty()));
    server.cluster.start();
    return server;
  }

  /**
   * Starts a member with threads of its own, on disk or in memory as configured; returns when it
   * serves.
   *
   * @throws PdStorageException if the data directory cannot be used
   * @throws PdStartException if the port cannot be used, or the member does not come up in time
   */
  @Wiring
  public static PdServer start(PdConfig config) {
    List<Runnable> undo = new ArrayList<>();
    Loop loop = new Loop(threads("pd-loop-" + config.name()));
    undo.add(loop::shutdownNow);
    try {
      PdStorage storage = openStorage(config, undo);
      PdRuntime runtime =
          new PdRuntime(
              loop,
              InstantSource.system(),
              System::nanoTime,
              new SplittableRandom(System.nanoTime()));
      PdServer server = listen(config, runtime, storage, undo);
      server.closing.addAll(undo);
      loop.onBroken(server.cluster::close);
      server.awaitReady(config);
      return server;
    } catch (RuntimeException e) {
      for (int i = undo.size() - 1; i >= 0; i--) {
        undo.get(i).run();
      }
      throw e;
    }
  }

  @Wiring
  private static PdStorage openStorage(PdConfig config, List<Runnable> undo) {
    if (config.dataDir().isEmpty()) {
      return new MemoryStorage();
    }
    ExecutorService writer = Executors.newSingleThreadExecutor(threads("pd-log-" + config.name()));
    undo.add(writer::shutdownNow);
    PdStorage storage =
        DiskStorage.open(config.dataDir().get(), config.memberId(), writer, System::nanoTime);
    undo.add(storage::close);
    return storage;
  }

  /** The port is bound first: a port of 0 must be known before the member tells it to others. */
  private static PdServer listen(
      PdConfig config, PdRuntime runtime, PdStorage storage, List<Runnable> undo) {
    if (config.listen().isEmpty()) {
      return started(new PdServer(config, runtime, storage, new Front(Optional.empty())), undo);
    }
    InetSocketAddress wanted = address(config.listen().get());
    int port = wanted.getPort() != 0 ? wanted.getPort() : freePort(wanted);
    InetSocketAddress address = new InetSocketAddress(wanted.getHostString(), port);
    PdServer server = new PdServer(config, runtime, storage, new Front(Optional.of(address)));
    try {
      PdListener listener =
          PdListener.start(address, server.api, threads("pd-net-" + config.name()));
      undo.add(listener::close);
    } catch (IOException e) {
      throw new PdStartException(
          "cannot listen on "
              + config.listen().get()
              + " ("
              + rootMessage(e)
              + "): choose another port, or stop the program that uses it",
          e);
    }
    return started(server, undo);
  }

  private static PdServer started(PdServer server, List<Runnable> undo) {
    undo.add(server::stopAndWait);
    server.cluster.start();
    return server;
  }

  private static int freePort(InetSocketAddress wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(wanted);
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new PdStartException("no free port on " + wanted.getHostString() + ": " + e, e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }

  private static InetSocketAddress address(String listen) {
    int colon = listen.lastIndexOf(':');
    try {
      String host = colon <= 0 ? "127.0.0.1" : listen.substring(0, colon);
      int port = Integer.parseInt(listen.substring(colon + 1));
      return new InetSocketAddress(host.replace("[", "").replace("]", ""), port);
    } catch (IllegalArgumentException e) {
      throw new PdStartException(
          "listen = \"" + listen + "\" must be host:port, for example 127.0.0.1:2379", e);
    }
  }

  @Wiring
  private static ThreadFactory threads(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  private void awaitReady(PdConfig config) {
    try {
      cluster.ready().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new PdStartException(
          "member " + config.name() + " has no leader after " + START_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new PdStartException("member " + config.name() + " did not start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PdStartException("interrupted while member " + config.name() + " started", e);
    }
    if (config.clusterId() != 0 && clusterId() != config.clusterId()) {
      throw new PdStartException(
          "the data in "
              + config.dataDir().map(Object::toString).orElse("memory")
              + " belongs to cluster "
              + Long.toUnsignedString(clusterId())
              + ", not to cluster "
              + Long.toUnsignedString(config.clusterId())
              + ": choose another data directory",
          null);
    }
  }

  /** Calls inside this JVM. Thread-safe. */
  public PdEndpoint endpoint() {
    return api;
  }

  /** {@code http://host:port}, as clients are told. */
  public String clientUrl() {
    return clientUrl;
  }

  /** Completed when this member leads and serves for the first time. */
  public CompletableFuture<Void> ready() {
    return cluster.ready();
  }

  /** Once ready. */
  public long clusterId() {
    return api.clusterId();
  }

  /** Completed with the error of the disk that stopped this member. */
  public CompletableFuture<? extends Throwable> failed() {
    return storage.failed();
  }

  /** Waits until the loop has stopped the member: nothing is proposed to a closed log. */
  private void stopAndWait() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    cluster
        .runtime()
        .loop()
        .execute(
            () -> {
              cluster.close();
              stopped.complete(null);
            });
    try {
      stopped.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("event=slow_stop reason={}", e.toString());
    }
  }

  /** Stops; what was acknowledged is durable. Harmless if repeated. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    if (closing.isEmpty()) {
      cluster.runtime().loop().execute(cluster::close);
      return;
    }
    for (int i = closing.size() - 1; i >= 0; i--) {
      closing.get(i).run();
    }
  }

  /** The loop; a task that fails breaks a promise of the code, and stops the member. */
  private static final class Loop extends ScheduledThreadPoolExecutor {
    private volatile Runnable onBroken = () -> {};
    private boolean broken; // confined to the loop

    Loop(ThreadFactory threads) {
      super(1, threads);
    }

    void onBroken(Runnable stop) {
      onBroken = stop;
    }

    @Override
    protected void afterExecute(Runnable task, Throwable thrown) {
      super.afterExecute(task, thrown);
      Throwable cause = thrown;
      if (task instanceof Future && ((Future<?>) task).isDone()) {
        try {
          ((Future<?>) task).get();
        } catch (ExecutionException e) {
          cause = e.getCause();
        } catch (CancellationException e) {
          return;
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      if (cause != null && !broken) {
        broken = true;
        log.error("event=broken the member stops: its state can no longer be trusted", cause);
        onBroken.run();
      }
    }
  }
}

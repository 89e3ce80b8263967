package dev.kittiwake.pd;

import dev.kittiwake.pd.api.PdApi;
import dev.kittiwake.pd.api.PdListener;
import dev.kittiwake.pd.cluster.PdCluster;
import dev.kittiwake.pd.cluster.PdRuntime;
import dev.kittiwake.pd.peer.GrpcPeers;
import dev.kittiwake.pd.peer.Joining;
import dev.kittiwake.pd.peer.PeerOutbox;
import dev.kittiwake.pd.replica.DiskStorage;
import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.pd.replica.MemoryStorage;
import dev.kittiwake.pd.replica.PdReplica;
import dev.kittiwake.pd.replica.PdStorage;
import dev.kittiwake.pd.replica.PdStorageException;
import dev.kittiwake.proto.Wiring;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.RaftConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running member of the placement driver, and the wiring of its parts. */
public final class PdServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PdServer.class);
  private static final long START_SECONDS = 30;
  private static final int HEARTBEAT_TICKS = 2;
  private static final long HAND_OVER_SECONDS = 3;

  private final PdCluster cluster;
  private final PdApi api;
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private final String clientUrl;
  private final List<Runnable> closing = Collections.synchronizedList(new ArrayList<>()); // reverse
  private boolean closed;

  private PdServer(
      PdConfig config,
      Identity identity,
      PdRuntime runtime,
      PdStorage storage,
      PeerOutbox outbox,
      String url) {
    this.clientUrl = url;
    MemberRecord self = identity.record(Identities.name(config, identity), url);
    List<MemberRecord> founders = Identities.founders(identity, self);
    Membership voters =
        identity.joined()
            ? Membership.NONE
            : Membership.of(founders.stream().mapToLong(MemberRecord::getId).toArray());
    PdConfig.Timing timing = config.timing();
    RaftConfig raft =
        RaftConfig.of(identity.memberId()).withTicks(timing.electionTicks(), HEARTBEAT_TICKS);
    boolean isFirst = !identity.joined() && founders.get(0).getId() == identity.memberId();
    PdCluster.Options options =
        new PdCluster.Options(
            identity,
            self,
            founders,
            new PdReplica.Options(raft, voters, isFirst, timing.snapshotEntries()),
            config.settings(),
            timing.idBlock(),
            timing.timestampWindowMillis(),
            timing.timestampStepMillis(),
            timing.maxClockJumpMillis(),
            timing.raftTickMillis(),
            timing.patrolMillis(),
            timing.leaseMillis(),
            2 * timing.electionMillis());
    this.cluster = new PdCluster(options, storage, outbox, runtime);
    this.api = new PdApi(cluster);
    storage
        .failed()
        .thenAccept(
            failure -> {
              log.error(
                  "event=disk_failed the member stops, its data directory is not usable", failure);
              runtime.loop().execute(cluster::close);
              failed.complete(failure);
            });
    cluster.ended().thenAccept(failed::complete);
  }

  /**
   * Runs a member that is alone on a given loop, without threads, disk or port of its own: for
   * embedded clusters that bring their threads and for simulation. Ready when {@link #ready} is.
   *
   * @param storage what is left of an earlier run, or a new one
   */
  public static PdServer start(PdConfig config, PdRuntime runtime, PdStorage storage) {
    return start(config, runtime, storage, PeerOutbox.none());
  }

  /**
   * Runs one of several members on a given loop, without threads, disk or port of its own. What
   * others send goes into {@link #receive}. One that joins must be {@linkplain #admit admitted}
   * first, and its storage say so ({@link Identity#admitted}).
   *
   * @param storage what is left of an earlier run, or a new one
   * @param outbox called on the loop
   */
  public static PdServer start(
      PdConfig config, PdRuntime runtime, PdStorage storage, PeerOutbox outbox) {
    String url = PdAddress.url(config, Optional.empty());
    Identity identity =
        Identities.of(
            config,
            storage,
            runtime.random(),
            url,
            newcomer -> {
              throw new PdStartException(
                  "member " + config.name() + " must be admitted before it starts", null);
            });
    PdServer server = new PdServer(config, identity, runtime, storage, outbox, url);
    server.cluster.start();
    return server;
  }

  /**
   * Starts a member with threads of its own, on disk or in memory as configured; returns when it
   * serves, or follows a member that does.
   *
   * @throws PdStorageException if the data directory cannot be used
   * @throws PdStartException if the port cannot be used, or the member does not come up in time
   */
  public static PdServer start(PdConfig config) {
    PdServer server = launch(config);
    try {
      server.awaitReady(config);
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * As {@link #start(PdConfig)}, but does not wait: one of several members is ready only when most
   * of them run.
   */
  public static PdServer launch(PdConfig config) {
    return launch(config, Optional.empty(), Optional.empty());
  }

  /**
   * As {@link #launch(PdConfig)}, for several members in one JVM.
   *
   * @param kept what is left of an earlier run of a member in memory; none: as configured
   * @param outbox called on the loop; what others send goes into {@link #receive}
   */
  public static PdServer launch(PdConfig config, Optional<PdStorage> kept, PeerOutbox outbox) {
    return launch(config, kept, Optional.of(outbox));
  }

  @Wiring
  private static PdServer launch(
      PdConfig config, Optional<PdStorage> kept, Optional<PeerOutbox> outbox) {
    List<Runnable> undo = new ArrayList<>();
    PdLoop loop = new PdLoop(threads("pd-loop-" + config.name()));
    undo.add(loop::shutdownNow);
    try {
      PdStorage storage = kept.isPresent() ? kept.get() : openStorage(config, undo);
      PdRuntime runtime =
          new PdRuntime(
              loop,
              InstantSource.system(),
              System::nanoTime,
              new SplittableRandom(System.nanoTime()));
      PdServer server = listen(config, runtime, storage, outbox, undo);
      server.closing.addAll(undo);
      loop.onBroken(server.cluster::giveUp);
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
    PdStorage storage = DiskStorage.open(config.dataDir().get(), writer, System::nanoTime);
    undo.add(storage::close);
    return storage;
  }

  /** The port is bound first: a port of 0 must be known before the member tells it to others. */
  private static PdServer listen(
      PdConfig config,
      PdRuntime runtime,
      PdStorage storage,
      Optional<PeerOutbox> outbox,
      List<Runnable> undo) {
    Optional<InetSocketAddress> address = config.listen().map(PdAddress::boundTo);
    String url = PdAddress.url(config, address);
    GrpcPeers peers = new GrpcPeers(threads("pd-peers-" + config.name()), runtime.nanos());
    undo.add(peers::close);
    Identity identity =
        Identities.of(
            config,
            storage,
            runtime.random(),
            url,
            newcomer -> Joining.ask(peers, config.group().join(), newcomer));
    PdServer server = new PdServer(config, identity, runtime, storage, outbox.orElse(peers), url);
    if (address.isEmpty()) {
      return started(server, undo);
    }
    try {
      PdListener listener =
          PdListener.start(address.get(), server.api, peers, threads("pd-net-" + config.name()));
      undo.add(listener::close);
    } catch (IOException e) {
      throw new PdStartException(
          "cannot listen on "
              + config.listen().get()
              + " ("
              + PdAddress.rootMessage(e)
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
      api.ready().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new PdStartException(
          "member "
              + config.name()
              + " has no leader after "
              + START_SECONDS
              + " s: most members must run and reach each other"
              + (waitingFor().isEmpty() ? "" : "; " + waitingFor()),
          e);
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

  /** Completed when this member serves for the first time, or follows one that does. */
  public CompletableFuture<Void> ready() {
    return api.ready();
  }

  /** Why this member is not ready, as far as others said; for people. */
  public String waitingFor() {
    return cluster.gate().lastRefusal();
  }

  /** Once ready. */
  public long clusterId() {
    return api.clusterId();
  }

  /** Hands the lead to another member, if this one has it; done when it has it no more. */
  public CompletableFuture<Void> handOver() {
    return api.handOver();
  }

  /** Has the store emptied, after which it is gone; fails on a member that does not lead. */
  public CompletableFuture<Void> drainStore(long storeId) {
    return api.drainStore(storeId);
  }

  /** Whether this member leads and serves now. Any thread; as of the last few ticks. */
  public boolean leads() {
    return cluster.isServing();
  }

  /** Completed with the reason that stopped this member: its disk, or the group expelled it. */
  public CompletableFuture<? extends Throwable> failed() {
    return failed;
  }

  /** A message of another member has arrived. Any thread. */
  public void receive(PeerEnvelope envelope) {
    api.receive(envelope);
  }

  /**
   * Lets a member into the group; fails if this member does not lead. The answer is what the
   * newcomer must know. Any thread.
   */
  public CompletableFuture<JoinResponse> admit(MemberRecord newcomer) {
    return api.admit(newcomer);
  }

  /**
   * Has a member leave the group; fails if this one does not lead, or if too few of those that
   * would stay answer. Done when the wish is kept; the member is told when it is out ({@link
   * #failed} there). Any thread.
   */
  public CompletableFuture<Void> dismiss(long memberId) {
    return api.dismiss(memberId);
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
    handOverInTime();
    for (int i = closing.size() - 1; i >= 0; i--) {
      closing.get(i).run();
    }
  }

  /** A leader that stops by its own will does not let the others wait for an election. */
  private void handOverInTime() {
    try {
      handOver().get(HAND_OVER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.info("event=not_handed_over reason={}", e.toString());
    }
  }

  /** Ends without a word to the others, as a kill would. For tests; what was durable stays. */
  public void kill() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    for (int i = closing.size() - 1; i >= 0; i--) {
      closing.get(i).run();
    }
  }
}

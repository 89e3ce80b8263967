package dev.kittiwake.embedded;

import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.pd.peer.PeerOutbox;
import dev.kittiwake.pd.replica.MemoryStorage;
import dev.kittiwake.pd.replica.PdStorage;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The members of the placement driver in this JVM. They hand each other messages as objects. */
final class EmbeddedPds implements AutoCloseable {
  /** A stream to a member that does not run. */
  private static final PdEndpoint.RegionHeartbeats ENDED =
      new PdEndpoint.RegionHeartbeats() {
        @Override
        public void send(RegionHeartbeatRequest heartbeat) {
          // it has ended, and its owner was told
        }

        @Override
        public void close() {}
      };

  private static final long START_SECONDS = 60;
  private static final int PORT_TRIES = 200;

  private final List<Member> members = new ArrayList<>();
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();

  /**
   * @param base settings for all of them
   * @param directory null: in memory
   * @param host null: no ports
   * @param firstPort 0: any
   */
  EmbeddedPds(int count, PdConfig base, Path directory, String host, int firstPort) {
    if (count == 1) {
      PdConfig config = directory == null ? base : base.withDataDir(directory.resolve("pd"));
      members.add(new Member(host == null ? config : config.withListen(host + ":" + firstPort)));
    } else {
      several(count, base, directory, host, firstPort);
    }
    boolean started = false;
    try {
      members.forEach(Member::start);
      members.forEach(Member::awaitReady);
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  private void several(int count, PdConfig base, Path directory, String host, int firstPort) {
    TreeMap<String, String> founders = new TreeMap<>();
    List<String> names = new ArrayList<>();
    int port = firstPort;
    for (int number = 1; number <= count; number++) {
      String name = "pd-" + number;
      names.add(name);
      if (host == null) {
        founders.put(name, "pd.local:" + number);
      } else {
        port = freePort(host, port);
        founders.put(name, host + ":" + port);
        port = firstPort == 0 ? 0 : port + 1;
      }
    }
    PdConfig.Group group = new PdConfig.Group(founders, List.of());
    for (String name : names) {
      PdConfig config = base.withGroup(name, group);
      config = directory == null ? config : config.withDataDir(directory.resolve(name));
      members.add(new Member(host == null ? config : config.withListen(founders.get(name))));
    }
  }

  private static int freePort(String host, int wanted) {
    int last = wanted == 0 ? 0 : Math.min(wanted + PORT_TRIES, 65_535);
    for (int port = wanted; port <= last; port++) {
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(host))) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        continue; // the next one
      }
    }
    throw new IllegalStateException("no free port for the placement driver from " + wanted + " on");
  }

  List<PdEndpoint> endpoints() {
    return List.copyOf(members);
  }

  /** The URLs of all members, in order. */
  List<String> urls() {
    return members.stream().map(member -> member.url).toList();
  }

  /** Completes if a member cannot go on. */
  CompletableFuture<Throwable> failed() {
    return failed;
  }

  int count() {
    return members.size();
  }

  /** The number of the member that leads, from 1; none while they elect one. */
  Optional<Integer> leader() {
    for (int number = 1; number <= members.size(); number++) {
      PdServer server = members.get(number - 1).server;
      if (server != null && server.leads()) {
        return Optional.of(number);
      }
    }
    return Optional.empty();
  }

  void kill(int number) {
    members.get(number - 1).kill();
  }

  void restart(int number) {
    members.get(number - 1).start();
  }

  @Override
  public void close() {
    members.forEach(Member::kill);
  }

  /** One member through all its lives: as an endpoint it fails while it does not run. */
  private final class Member implements PdEndpoint, PeerOutbox {
    private final PdConfig config;
    private final Optional<PdStorage> memory; // outlives a kill as a disk would; none: on disk
    private volatile PdServer server; // null while it does not run
    private volatile String url = "";

    Member(PdConfig config) {
      this.config = config;
      this.memory =
          config.dataDir().isPresent() ? Optional.empty() : Optional.of(new MemoryStorage());
    }

    void start() {
      PdServer fresh = PdServer.launch(config, memory, this);
      fresh.failed().thenAccept(failed::complete);
      url = fresh.clientUrl();
      server = fresh;
    }

    void awaitReady() {
      try {
        server.ready().get(START_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException(
            "the placement driver did not start within " + START_SECONDS + " s", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the placement driver was starting", e);
      }
    }

    void kill() {
      PdServer old = server;
      server = null;
      if (old != null) {
        old.kill();
      }
    }

    @Override
    public void send(MemberRecord to, PeerEnvelope envelope) {
      for (Member member : members) {
        PdServer target = member.server;
        if (target != null && member.config.name().equals(to.getName())) {
          target.receive(envelope);
        }
      }
    }

    private PdEndpoint running() {
      PdServer now = server;
      return now == null ? null : now.endpoint();
    }

    private RuntimeException stopped() {
      return Status.UNAVAILABLE
          .withDescription("member " + config.name() + " does not run")
          .asRuntimeException();
    }

    @Override
    public <Q, R> CompletableFuture<R> call(PdMethod<Q, R> method, Q request) {
      PdEndpoint now = running();
      return now == null ? CompletableFuture.failedFuture(stopped()) : now.call(method, request);
    }

    @Override
    public CompletableFuture<Long> timestamps(long clusterId, int count) {
      PdEndpoint now = running();
      return now == null
          ? CompletableFuture.failedFuture(stopped())
          : now.timestamps(clusterId, count);
    }

    @Override
    public RegionHeartbeats openRegionHeartbeats(
        Consumer<RegionHeartbeatResponse> responses, Consumer<Throwable> closed) {
      PdEndpoint now = running();
      if (now == null) {
        closed.accept(stopped()); // as a stream over the network would end
        return ENDED;
      }
      return now.openRegionHeartbeats(responses, closed);
    }

    @Override
    public List<String> urls() {
      return List.of(url);
    }
  }
}

package dev.kittiwake.cli.chaos.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;

/**
 * All gates, and the state of each direction between two nodes. Nodes have names; who belongs to no
 * known process is {@link #CLIENT}. Thread-safe.
 */
public final class Network implements AutoCloseable {
  /** Everybody who is not a node of the cluster. */
  public static final String CLIENT = "client";

  private final ExecutorService threads;
  private final LongSupplier nanos;
  private final List<Gate> gates = new ArrayList<>(); // only while the cluster is put up
  private final List<SocketOwners.Candidate> candidates = new CopyOnWriteArrayList<>();
  private final Map<String, Link> links = new ConcurrentHashMap<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /**
   * @param threads gives a thread to each task at once; shut down by {@link #close}
   * @param nanos a clock that never goes back
   */
  public Network(ExecutorService threads, LongSupplier nanos) {
    this.threads = threads;
    this.nanos = nanos;
  }

  /** Puts a gate before the server of {@code node} on a local port. */
  public Gate gate(String node, int port) throws IOException {
    Gate gate = new Gate(this, node, port);
    gates.add(gate);
    threads.execute(gate::serve);
    return gate;
  }

  /** Connections that come from this process are the node's; the id is 0 while it does not run. */
  public void node(String name, LongSupplier pid) {
    candidates.add(new SocketOwners.Candidate(name, pid));
  }

  /** Holds back what {@code from} sends to {@code to}. */
  public void block(String from, String to) {
    link(from, to).block();
  }

  /** Everything from {@code from} to {@code to} arrives that much later. */
  public void delay(String from, String to, int millis) {
    link(from, to).delay(millis);
  }

  /** Closes the connections between two nodes; new ones can be made if nothing is blocked. */
  public void cut(String one, String other) {
    for (Connection connection : connections) {
      if (connection.isBetween(one, other)) {
        connection.close();
      }
    }
    links.values().forEach(Link::wake);
  }

  /** Opens all links, without delay. */
  public void heal() {
    links.values().forEach(Link::open);
  }

  LongSupplier nanos() {
    return nanos;
  }

  Executor threads() {
    return threads;
  }

  String owner(int port) throws IOException {
    return SocketOwners.ownerOf(port, candidates).orElse(CLIENT);
  }

  void connected(Connection connection, String from, String to) {
    connections.add(connection);
    connection.run(threads, link(from, to), link(to, from), () -> connections.remove(connection));
  }

  private Link link(String from, String to) {
    return links.computeIfAbsent(from + " > " + to, pair -> new Link());
  }

  @Override
  public void close() throws IOException {
    for (Gate gate : gates) {
      gate.close();
    }
    heal();
    connections.forEach(Connection::close);
    threads.shutdownNow();
  }
}

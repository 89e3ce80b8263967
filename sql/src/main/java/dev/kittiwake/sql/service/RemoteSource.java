package dev.kittiwake.sql.service;

import dev.kittiwake.proto.Wiring;
import dev.kittiwake.sql.SessionOptions;
import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlSession;
import dev.kittiwake.sql.SqlStates;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sessions in SQL servers. Each new session goes to the next server of the list; one that does not
 * answer is passed over. Thread-safe.
 */
@Wiring
public final class RemoteSource implements SessionSource {
  private static final int MAX_REPLY_BYTES = 64 << 20;

  private final List<String> endpoints;
  private final int connectTimeoutMillis;
  private final Map<String, ManagedChannel> channels = new HashMap<>(); // guarded by this
  private int turn; // guarded by this; index of the server that is next
  private boolean closed; // guarded by this

  private RemoteSource(List<String> endpoints, int connectTimeoutMillis) {
    this.endpoints = List.copyOf(endpoints);
    this.connectTimeoutMillis = connectTimeoutMillis;
  }

  /**
   * @param endpoints {@code host:port} of each server
   * @param connectTimeoutMillis longest wait for one server to open a session
   */
  public static RemoteSource over(List<String> endpoints, int connectTimeoutMillis) {
    return new RemoteSource(endpoints, connectTimeoutMillis);
  }

  /**
   * @throws SqlError 08001 if no server opens a session; a server's own answer (such as an unknown
   *     schema) if one does answer
   */
  @Override
  public SqlSession open(SessionOptions options) {
    List<String> reasons = new ArrayList<>();
    int start = nextTurn();
    for (int i = 0; i < endpoints.size(); i++) {
      String endpoint = endpoints.get((start + i) % endpoints.size());
      try {
        return open(endpoint, options);
      } catch (SqlError e) {
        if (!isWorthAnotherServer(e)) {
          throw e;
        }
        reasons.add(endpoint + ": " + e.getMessage());
      }
    }
    throw SqlError.of(
        SqlStates.CANNOT_CONNECT,
        "no SQL server opens a session ("
            + String.join("; ", reasons)
            + "); check the addresses in the URL and that a server runs there");
  }

  private static boolean isWorthAnotherServer(SqlError error) {
    return error.sqlState().startsWith("08") || error.sqlState().startsWith("53");
  }

  private synchronized int nextTurn() {
    turn = (turn + 1) % endpoints.size();
    return turn;
  }

  private SqlSession open(String endpoint, SessionOptions options) {
    boolean fresh = !hasChannel(endpoint);
    try {
      return RemoteSession.open(channel(endpoint), endpoint, options, connectTimeoutMillis);
    } catch (SqlError e) {
      if (!e.sqlState().startsWith("08")) {
        throw e;
      }
      forget(endpoint); // it remembers its failure for a while; the server may be back already
      if (fresh) {
        throw e;
      }
    }
    return RemoteSession.open(channel(endpoint), endpoint, options, connectTimeoutMillis);
  }

  private synchronized boolean hasChannel(String endpoint) {
    return channels.containsKey(endpoint);
  }

  private synchronized ManagedChannel channel(String endpoint) {
    if (closed) {
      throw SqlError.of(SqlStates.SESSION_CLOSED, "the connections to the SQL service are closed");
    }
    return channels.computeIfAbsent(endpoint, this::connect);
  }

  private ManagedChannel connect(String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    String host = endpoint.substring(0, colon).replace("[", "").replace("]", "");
    return NettyChannelBuilder.forAddress(host, Integer.parseInt(endpoint.substring(colon + 1)))
        .usePlaintext()
        .directExecutor()
        .maxInboundMessageSize(MAX_REPLY_BYTES)
        .keepAliveTime(10, TimeUnit.SECONDS) // a server that vanished is found without a deadline
        .keepAliveTimeout(5, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }

  private synchronized void forget(String endpoint) {
    ManagedChannel channel = channels.remove(endpoint);
    if (channel != null) {
      channel.shutdown(); // streams of other sessions go on
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    channels.values().forEach(ManagedChannel::shutdownNow);
    channels.clear();
  }
}

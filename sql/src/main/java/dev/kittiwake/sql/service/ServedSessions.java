package dev.kittiwake.sql.service;

import dev.kittiwake.proto.sqlservice.CancelRequest;
import dev.kittiwake.proto.sqlservice.CancelResponse;
import dev.kittiwake.proto.sqlservice.SessionCall;
import dev.kittiwake.proto.sqlservice.SessionReply;
import dev.kittiwake.proto.sqlservice.SqlServiceGrpc;
import dev.kittiwake.sql.SessionSource;
import dev.kittiwake.sql.SqlError;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The gRPC service: opens sessions for streams, finds them by token, ends idle ones. */
final class ServedSessions extends SqlServiceGrpc.SqlServiceImplBase {
  /** 128 random bits: who knows them may cancel the session's statements. */
  record Token(long high, long low) {}

  private final SessionSource source;
  private final SqlServerConfig config;
  private final Executor workers;
  private final RandomGenerator random;
  private final LongSupplier nanos;
  private final ConcurrentMap<Token, ServedSession> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean ending;

  ServedSessions(
      SessionSource source,
      SqlServerConfig config,
      Executor workers,
      RandomGenerator random,
      LongSupplier nanos) {
    this.source = source;
    this.config = config;
    this.workers = workers;
    this.random = random;
    this.nanos = nanos;
  }

  @Override
  public StreamObserver<SessionCall> session(StreamObserver<SessionReply> replies) {
    ServerCallStreamObserver<SessionReply> out = (ServerCallStreamObserver<SessionReply>) replies;
    Token token = new Token(random.nextLong(), random.nextLong());
    ServedSession session = new ServedSession(this, token, out);
    out.disableAutoRequest(); // one call at a time: the next is asked for when this one is done
    out.setOnCancelHandler(session::disconnected);
    out.request(1);
    return session;
  }

  @Override
  public void cancel(CancelRequest request, StreamObserver<CancelResponse> response) {
    ServedSession session = sessions.get(new Token(request.getTokenHigh(), request.getTokenLow()));
    if (session != null) {
      session.cancel();
    }
    response.onNext(CancelResponse.newBuilder().setFound(session != null).build());
    response.onCompleted();
  }

  /**
   * @throws SqlError 53300 if there are too many sessions
   */
  void register(ServedSession session) {
    if (count.incrementAndGet() > config.maxSessions()) {
      count.decrementAndGet();
      throw SqlError.of(
          "53300",
          "the SQL server has "
              + config.maxSessions()
              + " sessions, which is its limit; close some, or use another server");
    }
    sessions.put(session.token(), session);
    if (ending) {
      session.end("the SQL server stops");
    }
  }

  void forget(ServedSession session) {
    if (sessions.remove(session.token(), session)) {
      count.decrementAndGet();
    }
  }

  /** Ends sessions without a call for too long. */
  void reap() {
    long now = nanos.getAsLong();
    for (ServedSession session : List.copyOf(sessions.values())) {
      if (session.idleNanos(now) > config.idleMillis() * 1_000_000) {
        session.end("the session had no call for " + config.idleMillis() + " ms");
      }
    }
  }

  void endAll() {
    ending = true;
    for (ServedSession session : List.copyOf(sessions.values())) {
      session.end("the SQL server stops");
    }
  }

  int count() {
    return sessions.size();
  }

  SessionSource source() {
    return source;
  }

  SqlServerConfig config() {
    return config;
  }

  Executor workers() {
    return workers;
  }

  long now() {
    return nanos.getAsLong();
  }
}

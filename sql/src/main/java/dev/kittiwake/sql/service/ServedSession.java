package dev.kittiwake.sql.service;

import dev.kittiwake.proto.sqlservice.BatchCounts;
import dev.kittiwake.proto.sqlservice.Count;
import dev.kittiwake.proto.sqlservice.Done;
import dev.kittiwake.proto.sqlservice.Execute;
import dev.kittiwake.proto.sqlservice.ExecuteBatch;
import dev.kittiwake.proto.sqlservice.Hello;
import dev.kittiwake.proto.sqlservice.SessionCall;
import dev.kittiwake.proto.sqlservice.SessionReply;
import dev.kittiwake.proto.sqlservice.SessionSettings;
import dev.kittiwake.proto.sqlservice.SetSavepoint;
import dev.kittiwake.proto.sqlservice.StatementColumns;
import dev.kittiwake.proto.sqlservice.Welcome;
import dev.kittiwake.sql.BatchResult;
import dev.kittiwake.sql.ExecuteOptions;
import dev.kittiwake.sql.Result;
import dev.kittiwake.sql.SessionOptions;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlSession;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.StatementDescription;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream and its session. Calls arrive on the event loop and run on a worker, one after the
 * other: the next is asked for when one is done. Only {@link #cancel} comes from elsewhere.
 */
final class ServedSession implements StreamObserver<SessionCall> {
  static final int PROTOCOL_VERSION = 1;
  private static final Logger LOG = LoggerFactory.getLogger(ServedSession.class);

  private final ServedSessions owner;
  private final ServedSessions.Token token;
  private final ServerCallStreamObserver<SessionReply> out;
  private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by itself; a call, an end
  private boolean working; // guarded by tasks
  private volatile SqlSession session; // null until Hello
  private volatile long lastCallNanos;
  private volatile boolean busy;
  private volatile boolean ended; // written by the worker only
  private SessionSettings known; // what the client believes; worker only
  private FrameWriter rows; // open rows, or null; worker only

  ServedSession(
      ServedSessions owner,
      ServedSessions.Token token,
      ServerCallStreamObserver<SessionReply> out) {
    this.owner = owner;
    this.token = token;
    this.out = out;
    this.lastCallNanos = owner.now();
  }

  ServedSessions.Token token() {
    return token;
  }

  /** 0 while a call runs. */
  long idleNanos(long now) {
    return busy ? 0 : now - lastCallNanos;
  }

  void cancel() {
    SqlSession running = session;
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  public void onNext(SessionCall call) {
    busy = true;
    submit(() -> serve(call));
  }

  @Override
  public void onError(Throwable broken) {
    disconnected();
  }

  /** The client says goodbye. */
  @Override
  public void onCompleted() {
    submit(
        () -> {
          if (release()) {
            out.onCompleted();
          }
        });
  }

  /** The client is gone: a running statement stops, the transaction is rolled back. */
  void disconnected() {
    if (ended) {
      return;
    }
    cancel();
    submit(this::release);
  }

  /** Ends the session from our side. */
  void end(String reason) {
    cancel();
    submit(
        () -> {
          if (release()) {
            out.onError(Status.ABORTED.withDescription(reason).asRuntimeException());
          }
        });
  }

  private void submit(Runnable task) {
    synchronized (tasks) {
      tasks.add(task);
      if (working) {
        return;
      }
      working = true;
    }
    try {
      owner.workers().execute(this::work);
    } catch (RejectedExecutionException e) {
      work(); // the server stops and has no workers any more: what is left is to let go
    }
  }

  private void work() {
    while (true) {
      Runnable task;
      synchronized (tasks) {
        task = tasks.poll();
        if (task == null) {
          working = false;
          return;
        }
      }
      task.run();
    }
  }

  /** Answers whether the session was still there. */
  private boolean release() {
    if (ended) {
      return false;
    }
    ended = true;
    owner.forget(this);
    try {
      if (session != null) {
        session.close();
      }
    } catch (SqlError e) {
      LOG.info("session ended with state={} message={}", e.sqlState(), e.getMessage());
    }
    return true;
  }

  private void serve(SessionCall call) {
    if (ended) {
      return;
    }
    try {
      SessionReply.Builder reply = answer(call);
      if (reply != null) {
        send(call.getNumber(), reply);
      }
    } catch (SqlError e) {
      fail(call, e);
    } catch (RuntimeException e) {
      LOG.error("a call failed unexpectedly: number={}", call.getNumber(), e);
      fail(call, SqlError.of(SqlStates.INTERNAL, "internal error of the SQL server: " + e, e));
    } finally {
      lastCallNanos = owner.now();
      busy = false;
      out.request(1);
    }
  }

  private void fail(SessionCall call, SqlError error) {
    dropRows();
    send(call.getNumber(), SessionReply.newBuilder().setFailure(Messages.failure(error)));
    if (session == null && release()) {
      out.onCompleted(); // refused at the door
    }
  }

  /** Sends a reply with the state that the call left behind. */
  private void send(long number, SessionReply.Builder reply) {
    reply.setNumber(number);
    if (session != null) {
      reply.setInTransaction(session.inTransaction());
      SessionSettings now = settings();
      if (!now.equals(known)) {
        reply.setSettings(now);
        known = now;
      }
    }
    out.onNext(reply.build());
  }

  private SessionSettings settings() {
    return SessionSettings.newBuilder()
        .setAutoCommit(session.autoCommit())
        .setIsolation(Messages.isolation(session.isolation()))
        .setReadOnly(session.readOnly())
        .setSchema(session.schema())
        .build();
  }

  /** The final reply; null if there is none (frames were sent, or none is due). */
  private SessionReply.Builder answer(SessionCall call) {
    if (session == null) {
      return SessionReply.newBuilder().setWelcome(open(call));
    }
    if (call.getCallCase() == SessionCall.CallCase.CREDIT) {
      if (rows != null && rows.number() == call.getNumber()) {
        rows.addCredit();
        pump();
      }
      return null;
    }
    dropRows();
    if (call.hasSettings()) {
      apply(call.getSettings());
    }
    return switch (call.getCallCase()) {
      case EXECUTE -> execute(call.getNumber(), call.getExecute());
      case EXECUTE_BATCH -> executeBatch(call.getExecuteBatch());
      case DESCRIBE -> describe(call.getDescribe().getSql());
      case CLOSE_ROWS -> null;
      case COMMIT -> done(session::commit);
      case ROLLBACK -> done(session::rollback);
      case SET_SAVEPOINT -> savepoint(call.getSetSavepoint());
      case ROLLBACK_TO -> done(() -> session.rollbackTo(Messages.savepoint(call.getRollbackTo())));
      case RELEASE -> done(() -> session.release(Messages.savepoint(call.getRelease())));
      case READ_CATALOG ->
          SessionReply.newBuilder()
              .setCatalog(
                  Messages.catalog(session.catalog(), call.getReadCatalog().getKnownVersion()));
      default ->
          throw SqlError.of(
              SqlStates.NOT_SUPPORTED,
              "the SQL server does not know the call "
                  + call.getCallCase()
                  + "; client and server have different versions");
    };
  }

  private Welcome open(SessionCall call) {
    Hello hello = call.getHello();
    if (!call.hasHello() || hello.getProtocolVersion() != PROTOCOL_VERSION) {
      throw SqlError.of(
          SqlStates.CANNOT_CONNECT,
          "the client speaks protocol version "
              + hello.getProtocolVersion()
              + ", the SQL server "
              + PROTOCOL_VERSION);
    }
    SessionSettings wanted = call.getSettings();
    owner.register(this);
    session =
        owner
            .source()
            .open(
                new SessionOptions(
                    wanted.getSchema(),
                    Messages.isolation(wanted.getIsolation()),
                    wanted.getAutoCommit(),
                    wanted.getReadOnly(),
                    hello.getSerializableAsSnapshot(),
                    hello.getLockWaitMillis()));
    known = settings();
    return Welcome.newBuilder()
        .setTokenHigh(token.high())
        .setTokenLow(token.low())
        .setSettings(known)
        .build();
  }

  /** Only what differs: a setter may be refused inside a transaction. */
  private void apply(SessionSettings wanted) {
    known = wanted;
    if (!wanted.getSchema().equals(session.schema())) {
      session.setSchema(wanted.getSchema());
    }
    if (wanted.getAutoCommit() != session.autoCommit()) {
      session.setAutoCommit(wanted.getAutoCommit());
    }
    if (Messages.isolation(wanted.getIsolation()) != session.isolation()) {
      session.setIsolation(Messages.isolation(wanted.getIsolation()));
    }
    if (wanted.getReadOnly() != session.readOnly()) {
      session.setReadOnly(wanted.getReadOnly());
    }
  }

  private SessionReply.Builder execute(long number, Execute call) {
    ExecuteOptions options =
        new ExecuteOptions(
            call.getTimeoutMillis(),
            call.getMaxRows(),
            call.getFrameRows(),
            call.getWantGeneratedKeys());
    List<Object> parameters = Messages.parameters(call.getParameters(), 1).get(0);
    Result result = session.execute(call.getSql(), parameters, options);
    if (result instanceof Result.Count count) {
      return SessionReply.newBuilder()
          .setCount(
              Count.newBuilder()
                  .setUpdateCount(count.updateCount())
                  .setGeneratedKeys(Messages.keys(count.generatedKeys())));
    }
    rows =
        new FrameWriter(
            number, (Result.Rows) result, call.getFrameRows(), owner.config().maxFrameBytes());
    pump();
    return null;
  }

  /** Sends frames as far as the credit goes. */
  private void pump() {
    while (rows != null && rows.hasCredit()) {
      SessionReply.Builder frame = SessionReply.newBuilder().setRows(rows.next());
      long number = rows.number();
      if (rows.isAtEnd()) {
        dropRows(); // before the reply: it tells the state after the statement
      }
      send(number, frame);
    }
  }

  private void dropRows() {
    FrameWriter open = rows;
    rows = null;
    if (open != null) {
      open.close();
    }
  }

  private SessionReply.Builder executeBatch(ExecuteBatch call) {
    BatchResult result =
        session.executeBatch(
            call.getSql(),
            Messages.parameters(call.getParameters(), call.getRowCount()),
            new ExecuteOptions(call.getTimeoutMillis(), 0, 0, call.getWantGeneratedKeys()));
    BatchCounts.Builder counts =
        BatchCounts.newBuilder().setGeneratedKeys(Messages.keys(result.generatedKeys()));
    for (long count : result.updateCounts()) {
      counts.addUpdateCounts(count);
    }
    return SessionReply.newBuilder().setBatchCounts(counts);
  }

  private SessionReply.Builder describe(String sql) {
    StatementDescription description = session.describe(sql);
    return SessionReply.newBuilder()
        .setDescription(
            StatementColumns.newBuilder()
                .addAllColumns(Messages.columns(description.columns()))
                .addAllParameters(Messages.columns(description.parameters()))
                .setModifying(description.modifying()));
  }

  private SessionReply.Builder savepoint(SetSavepoint call) {
    return SessionReply.newBuilder()
        .setSavepoint(Messages.mark(session.savepoint(call.getNamed() ? call.getName() : null)));
  }

  private static SessionReply.Builder done(Runnable action) {
    action.run();
    return SessionReply.newBuilder().setDone(Done.getDefaultInstance());
  }
}

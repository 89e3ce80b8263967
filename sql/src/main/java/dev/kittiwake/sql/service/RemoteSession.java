package dev.kittiwake.sql.service;

import dev.kittiwake.proto.sqlservice.BatchCounts;
import dev.kittiwake.proto.sqlservice.CancelRequest;
import dev.kittiwake.proto.sqlservice.CloseRows;
import dev.kittiwake.proto.sqlservice.Commit;
import dev.kittiwake.proto.sqlservice.Credit;
import dev.kittiwake.proto.sqlservice.Describe;
import dev.kittiwake.proto.sqlservice.Execute;
import dev.kittiwake.proto.sqlservice.ExecuteBatch;
import dev.kittiwake.proto.sqlservice.Hello;
import dev.kittiwake.proto.sqlservice.ReadCatalog;
import dev.kittiwake.proto.sqlservice.Rollback;
import dev.kittiwake.proto.sqlservice.RowFrame;
import dev.kittiwake.proto.sqlservice.SessionCall;
import dev.kittiwake.proto.sqlservice.SessionReply;
import dev.kittiwake.proto.sqlservice.SessionSettings;
import dev.kittiwake.proto.sqlservice.SetSavepoint;
import dev.kittiwake.proto.sqlservice.SqlServiceGrpc;
import dev.kittiwake.proto.sqlservice.StatementColumns;
import dev.kittiwake.proto.sqlservice.Welcome;
import dev.kittiwake.sql.BatchResult;
import dev.kittiwake.sql.CatalogView;
import dev.kittiwake.sql.ColumnDescription;
import dev.kittiwake.sql.ExecuteOptions;
import dev.kittiwake.sql.Isolation;
import dev.kittiwake.sql.Result;
import dev.kittiwake.sql.SessionOptions;
import dev.kittiwake.sql.SessionSavepoint;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlSession;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.StatementDescription;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A session that lives in a SQL server. Settings are local until the next call. */
final class RemoteSession implements SqlSession {
  private static final long CANCEL_MILLIS = 5_000;

  /** A server enforces a statement's timeout itself; so much later its silence is a breakdown. */
  private static final long TIMEOUT_GRACE_MILLIS = 10_000;

  private static final int MAX_CALL_BYTES = 63 << 20;

  private final Channel channel;
  private final String endpoint;
  private final SessionStream stream;
  private final boolean serializableAsSnapshot;
  private Welcome welcome;
  private SessionSettings settings; // as the user wants them
  private SessionSettings sent; // as the server knows them
  private boolean inTransaction; // as the last reply said
  private long number; // of the last call
  private long timeoutMillis; // of the running statement; 0 = none
  private long networkTimeoutMillis; // 0 = no limit
  private RemoteCursor rows; // open rows, or null
  private TransferredCatalog catalog; // the last one read, or null
  private volatile boolean closed;

  private RemoteSession(
      Channel channel, String endpoint, SessionStream stream, SessionOptions options) {
    this.channel = channel;
    this.endpoint = endpoint;
    this.stream = stream;
    this.serializableAsSnapshot = options.serializableAsSnapshot();
    this.settings =
        SessionSettings.newBuilder()
            .setAutoCommit(options.autoCommit())
            .setIsolation(Messages.isolation(options.isolation()))
            .setReadOnly(options.readOnly())
            .setSchema(options.schema())
            .build();
  }

  static RemoteSession open(
      Channel channel, String endpoint, SessionOptions options, int connectTimeoutMillis) {
    RemoteSession session =
        new RemoteSession(channel, endpoint, SessionStream.open(channel, endpoint), options);
    session.networkTimeoutMillis = connectTimeoutMillis;
    SessionReply reply =
        session.call(
            SessionCall.newBuilder()
                .setHello(
                    Hello.newBuilder()
                        .setProtocolVersion(ServedSession.PROTOCOL_VERSION)
                        .setSerializableAsSnapshot(options.serializableAsSnapshot())
                        .setLockWaitMillis(options.lockWaitMillis())),
            false);
    session.networkTimeoutMillis = 0;
    session.welcome = reply.getWelcome();
    session.settings = session.welcome.getSettings();
    session.sent = session.settings;
    return session;
  }

  private void checkOpen() {
    if (closed) {
      throw SqlError.of(SqlStates.SESSION_CLOSED, "the session is closed");
    }
  }

  /** Sends a call and waits for its first reply; a failure becomes an exception. */
  private SessionReply call(SessionCall.Builder call, boolean mayCommit) {
    checkOpen();
    forgetRows();
    number++;
    call.setNumber(number);
    if (!settings.equals(sent)) {
      call.setSettings(settings);
      sent = settings;
    }
    SessionCall built = call.build();
    if (built.getSerializedSize() > MAX_CALL_BYTES) {
      throw SqlError.of(
          SqlStates.TOO_LARGE,
          "the statement with its parameters has "
              + built.getSerializedSize()
              + " bytes; the SQL service takes "
              + MAX_CALL_BYTES
              + ": send fewer rows at once");
    }
    stream.send(built);
    return receive(mayCommit);
  }

  private SessionReply receive(boolean mayCommit) {
    SessionReply reply = stream.await(number, waitMillis(), mayCommit);
    inTransaction = reply.getInTransaction();
    if (reply.hasSettings()) {
      settings = reply.getSettings();
      sent = settings;
    }
    if (reply.hasFailure()) {
      throw Messages.error(reply.getFailure());
    }
    return reply;
  }

  private long waitMillis() {
    if (networkTimeoutMillis > 0) {
      return networkTimeoutMillis;
    }
    return timeoutMillis > 0 ? timeoutMillis + TIMEOUT_GRACE_MILLIS : 0;
  }

  private void forgetRows() {
    if (rows != null) {
      rows.forget(); // the server closes them with the next call
      rows = null;
    }
  }

  RowFrame nextFrame(long ofCall) {
    stream.send(
        SessionCall.newBuilder().setNumber(ofCall).setCredit(Credit.getDefaultInstance()).build());
    return receive(false).getRows();
  }

  /** The reader is done with {@code cursor}. */
  void closed(RemoteCursor cursor, long ofCall, boolean atEnd) {
    if (rows != cursor) {
      return;
    }
    rows = null;
    if (!atEnd && !closed && !stream.isBroken()) {
      number++; // frames on their way are dropped
      stream.send(
          SessionCall.newBuilder()
              .setNumber(number)
              .setCloseRows(CloseRows.getDefaultInstance())
              .build());
      inTransaction = inTransaction && !settings.getAutoCommit();
    }
  }

  @Override
  public StatementDescription describe(String sql) {
    StatementColumns reply =
        call(SessionCall.newBuilder().setDescribe(Describe.newBuilder().setSql(sql)), false)
            .getDescription();
    return new StatementDescription(
        Messages.descriptions(reply.getColumnsList()),
        Messages.descriptions(reply.getParametersList()),
        reply.getModifying());
  }

  @Override
  public Result execute(String sql, List<Object> parameters, ExecuteOptions options) {
    timeoutMillis = options.timeoutMillis();
    SessionReply reply =
        call(
            SessionCall.newBuilder()
                .setExecute(
                    Execute.newBuilder()
                        .setSql(sql)
                        .setParameters(Messages.parameters(List.of(parameters)))
                        .setTimeoutMillis(options.timeoutMillis())
                        .setMaxRows(options.maxRows())
                        .setFrameRows(options.fetchSize())
                        .setWantGeneratedKeys(options.wantGeneratedKeys())),
            CommittingStatements.mayCommit(sql, settings.getAutoCommit() && !inTransaction));
    if (reply.hasCount()) {
      return new Result.Count(
          reply.getCount().getUpdateCount(), Messages.keys(reply.getCount().getGeneratedKeys()));
    }
    RowFrame first = reply.getRows();
    List<ColumnDescription> columns = Messages.descriptions(first.getColumnsList());
    rows = new RemoteCursor(this, number, first, columns.size());
    return new Result.Rows(columns, rows);
  }

  @Override
  public BatchResult executeBatch(
      String sql, List<List<Object>> parameterRows, ExecuteOptions options) {
    timeoutMillis = options.timeoutMillis();
    BatchCounts reply =
        call(
                SessionCall.newBuilder()
                    .setExecuteBatch(
                        ExecuteBatch.newBuilder()
                            .setSql(sql)
                            .setRowCount(parameterRows.size())
                            .setParameters(Messages.parameters(parameterRows))
                            .setTimeoutMillis(options.timeoutMillis())
                            .setWantGeneratedKeys(options.wantGeneratedKeys())),
                settings.getAutoCommit() && !inTransaction)
            .getBatchCounts();
    return new BatchResult(
        reply.getUpdateCountsList().stream().mapToLong(Long::longValue).toArray(),
        Messages.keys(reply.getGeneratedKeys()));
  }

  @Override
  public boolean autoCommit() {
    return settings.getAutoCommit();
  }

  @Override
  public void setAutoCommit(boolean autoCommit) {
    checkOpen();
    if (autoCommit == settings.getAutoCommit()) {
      return;
    }
    if (autoCommit) {
      commit();
    }
    settings = settings.toBuilder().setAutoCommit(autoCommit).build();
  }

  @Override
  public Isolation isolation() {
    return Messages.isolation(settings.getIsolation());
  }

  @Override
  public void setIsolation(Isolation isolation) {
    checkOpen();
    if (isolation == isolation()) {
      return;
    }
    checkNoTransaction("the isolation level");
    if (isolation == Isolation.SERIALIZABLE && !serializableAsSnapshot) {
      throw SqlError.of(
          SqlStates.NOT_SUPPORTED,
          "SERIALIZABLE is not supported; use REPEATABLE READ, which is snapshot isolation");
    }
    settings = settings.toBuilder().setIsolation(Messages.isolation(isolation)).build();
  }

  @Override
  public boolean readOnly() {
    return settings.getReadOnly();
  }

  @Override
  public void setReadOnly(boolean readOnly) {
    checkOpen();
    if (readOnly != readOnly()) {
      checkNoTransaction("read-only mode");
      settings = settings.toBuilder().setReadOnly(readOnly).build();
    }
  }

  private void checkNoTransaction(String what) {
    if (inTransaction && !settings.getAutoCommit()) {
      throw SqlError.of(
          SqlStates.TRANSACTION_OPEN,
          what + " cannot change inside a transaction; commit or roll back first");
    }
  }

  @Override
  public String schema() {
    return settings.getSchema();
  }

  @Override
  public void setSchema(String schema) {
    checkOpen();
    settings = settings.toBuilder().setSchema(schema).build();
  }

  @Override
  public boolean inTransaction() {
    return inTransaction;
  }

  @Override
  public void commit() {
    checkOpen();
    if (inTransaction) {
      timeoutMillis = 0;
      call(SessionCall.newBuilder().setCommit(Commit.getDefaultInstance()), true);
    }
  }

  @Override
  public void rollback() {
    checkOpen();
    if (inTransaction) {
      timeoutMillis = 0;
      call(SessionCall.newBuilder().setRollback(Rollback.getDefaultInstance()), false);
    }
  }

  @Override
  public SessionSavepoint savepoint(String name) {
    SetSavepoint.Builder mark = SetSavepoint.newBuilder();
    if (name != null) {
      mark.setNamed(true).setName(name);
    }
    return Messages.savepoint(
        call(SessionCall.newBuilder().setSetSavepoint(mark), false).getSavepoint());
  }

  @Override
  public void rollbackTo(SessionSavepoint savepoint) {
    call(SessionCall.newBuilder().setRollbackTo(Messages.mark(savepoint)), false);
  }

  @Override
  public void release(SessionSavepoint savepoint) {
    call(SessionCall.newBuilder().setRelease(Messages.mark(savepoint)), false);
  }

  @Override
  public CatalogView catalog() {
    long known = catalog == null ? 0 : catalog.version();
    SessionReply reply =
        call(
            SessionCall.newBuilder()
                .setReadCatalog(ReadCatalog.newBuilder().setKnownVersion(known)),
            false);
    if (!reply.getCatalog().getUnchanged()) {
      catalog = new TransferredCatalog(reply.getCatalog());
    }
    return catalog;
  }

  @Override
  public void setNetworkTimeout(long millis) {
    networkTimeoutMillis = millis;
  }

  @Override
  public void cancel() {
    if (isClosed()) {
      return;
    }
    try {
      SqlServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(CANCEL_MILLIS, TimeUnit.MILLISECONDS)
          .cancel(
              CancelRequest.newBuilder()
                  .setTokenHigh(welcome.getTokenHigh())
                  .setTokenLow(welcome.getTokenLow())
                  .build());
    } catch (StatusRuntimeException e) {
      throw SqlError.of(
          SqlStates.CONNECTION_FAILURE,
          "the SQL service at " + endpoint + " cannot be told to cancel: " + e.getStatus(),
          e);
    }
  }

  @Override
  public boolean isClosed() {
    return closed || stream.isBroken();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      if (inTransaction && !stream.isBroken()) {
        rollback(); // waits: its locks are gone when close returns
      }
    } catch (SqlError e) {
      stream.drop("closed while broken: " + e.getMessage());
    } finally {
      closed = true;
      forgetRows();
      stream.close();
    }
  }
}

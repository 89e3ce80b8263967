package dev.kittiwake.sql.service;

import dev.kittiwake.proto.sqlservice.SessionCall;
import dev.kittiwake.proto.sqlservice.SessionReply;
import dev.kittiwake.proto.sqlservice.SqlServiceGrpc;
import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The client's end of a session's stream. One thread sends and waits; replies arrive on the event
 * loop. The queue is bounded by the protocol: one reply to a call, two frames ahead of the reader.
 */
final class SessionStream implements ClientResponseObserver<SessionCall, SessionReply> {
  private final String endpoint;
  private final BlockingQueue<SessionReply> replies = new LinkedBlockingQueue<>();
  private ClientCallStreamObserver<SessionCall> calls;
  private volatile String end; // why the stream ended; null while it lives
  private volatile boolean closed; // by us

  private SessionStream(String endpoint) {
    this.endpoint = endpoint;
  }

  static SessionStream open(Channel channel, String endpoint) {
    SessionStream stream = new SessionStream(endpoint);
    SqlServiceGrpc.newStub(channel).session(stream);
    return stream;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SessionCall> observer) {
    calls = observer;
  }

  @Override
  public void onNext(SessionReply reply) {
    replies.add(reply);
  }

  @Override
  public void onError(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    ended(
        status.getDescription() == null
            ? status.getCode().toString()
            : status.getDescription()
                + (status.getCause() == null || status.getCause().getMessage() == null
                    ? ""
                    : " (" + status.getCause().getMessage() + ")"));
  }

  @Override
  public void onCompleted() {
    ended("the SQL server ended the session");
  }

  private void ended(String reason) {
    end = reason;
    replies.add(SessionReply.getDefaultInstance()); // wakes who waits; call 0 does not exist
  }

  boolean isBroken() {
    return end != null || closed;
  }

  /**
   * @throws SqlError 08006 if the stream is known to be broken: then nothing was sent
   */
  void send(SessionCall call) {
    if (isBroken()) {
      throw broken(false);
    }
    calls.onNext(call);
  }

  /**
   * The next reply to call {@code number}; late replies to earlier calls are dropped.
   *
   * @param timeoutMillis 0 = no limit
   * @param mayCommit whether the call may have committed something when its reply is lost
   * @throws SqlError 08006 or 08007
   */
  SessionReply await(long number, long timeoutMillis, boolean mayCommit) {
    try {
      while (true) {
        SessionReply reply =
            timeoutMillis == 0
                ? replies.take()
                : replies.poll(timeoutMillis, TimeUnit.MILLISECONDS);
        if (reply == null) {
          abort("no answer within " + timeoutMillis + " ms");
          throw broken(mayCommit);
        }
        if (reply.getNumber() == number) {
          return reply;
        }
        if (reply.getNumber() == 0) {
          throw broken(mayCommit);
        }
      }
    } catch (InterruptedException e) {
      abort("the waiting thread was interrupted");
      Thread.currentThread().interrupt();
      throw broken(mayCommit);
    }
  }

  private SqlError broken(boolean mayCommit) {
    String reason = end == null ? "closed" : end;
    return mayCommit
        ? SqlError.of(
            SqlStates.OUTCOME_UNKNOWN,
            "the connection to the SQL service at "
                + endpoint
                + " broke while a commit was under way ("
                + reason
                + "); it is unknown whether it happened: read the data before trying again")
        : SqlError.of(
            SqlStates.CONNECTION_FAILURE,
            "the connection to the SQL service at "
                + endpoint
                + " is broken ("
                + reason
                + "); an open transaction is rolled back, connect again");
  }

  private void abort(String reason) {
    if (end == null) {
      end = reason;
    }
    calls.cancel(reason, null);
  }

  /** Says goodbye; the server rolls an open transaction back. */
  void close() {
    if (!isBroken()) {
      closed = true;
      calls.onCompleted();
    }
  }

  /** Without goodbye. */
  void drop(String reason) {
    if (!isBroken()) {
      abort(reason);
    }
  }
}

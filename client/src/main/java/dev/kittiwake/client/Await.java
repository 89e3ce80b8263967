package dev.kittiwake.client;

import dev.kittiwake.client.error.CancelledException;
import dev.kittiwake.client.error.DeadlineExceededException;
import dev.kittiwake.client.error.KvException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The one place where a caller's thread waits. A simulation brings its own. */
public interface Await {
  /** Waits by blocking the thread. */
  Await BLOCKING = new BlockingAwait();

  /** No timeout. */
  long FOREVER = Long.MAX_VALUE;

  /**
   * The value of {@code future}.
   *
   * @param timeoutNanos at most so long; {@link #FOREVER}
   * @throws KvException the failure of the future; {@link DeadlineExceededException} after the
   *     timeout; {@link CancelledException} if the thread is interrupted (it stays marked so)
   */
  <T> T await(CompletableFuture<T> future, long timeoutNanos);

  /** The failure inside the wrappers that futures put around it, as a {@link KvException}. */
  static KvException failure(Throwable thrown) {
    Throwable cause = unwrap(thrown);
    if (cause instanceof KvException) {
      return (KvException) cause;
    }
    if (cause instanceof CancellationException) {
      return new CancelledException("the call was cancelled", cause);
    }
    return new KvException("unexpected failure in the client: " + cause, cause);
  }

  static Throwable unwrap(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** See {@link #BLOCKING}. */
  final class BlockingAwait implements Await {
    private BlockingAwait() {}

    @Override
    public <T> T await(CompletableFuture<T> future, long timeoutNanos) {
      try {
        return timeoutNanos == FOREVER
            ? future.get()
            : future.get(Math.max(0, timeoutNanos), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancelledException("the calling thread was interrupted", e);
      } catch (TimeoutException e) {
        throw new DeadlineExceededException("the deadline passed before the call was done", e);
      } catch (ExecutionException | CancellationException e) {
        throw failure(e);
      }
    }
  }
}

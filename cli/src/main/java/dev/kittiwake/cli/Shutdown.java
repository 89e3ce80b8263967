package dev.kittiwake.cli;

import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a server's process alive until Ctrl-C or SIGTERM, then closes the server in an orderly way.
 */
@Wiring
final class Shutdown {
  private static final long CLOSE_SECONDS = 30;

  /**
   * Exit status of a server whose disk or data failed, as in sysexits.h: an error of input or
   * output.
   */
  static final int FAILED = 74;

  private Shutdown() {}

  /**
   * Ends the process now, with one line. For a server whose disk or data failed: what it would do
   * in an orderly stop may hang, or make things worse; the next start finds what is durable.
   */
  static void halt(PrintWriter err, String who, Throwable cause) {
    err.println("kittiwake: " + who + " stops at once: " + UserErrors.message(cause));
    err.flush();
    Runtime.getRuntime().halt(FAILED);
  }

  /** What is to be closed at the end. */
  interface Server {
    void close() throws Exception;
  }

  /**
   * Blocks until the process is told to stop or {@code failed} completes.
   *
   * @return 0 after a stop, 1 after a failure
   */
  static int await(Server server, CompletableFuture<? extends Throwable> failed) throws Exception {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              stop.countDown();
              try {
                closed.await(CLOSE_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    failed.thenAccept(cause -> stop.countDown());
    try {
      stop.await();
      server.close();
    } finally {
      closed.countDown();
    }
    if (failed.isDone()) {
      throw new IllegalStateException(
          "stopped because of a failure: " + UserErrors.message(failed.join()));
    }
    return 0;
  }
}

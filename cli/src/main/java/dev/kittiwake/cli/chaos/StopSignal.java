package dev.kittiwake.cli.chaos;

import dev.kittiwake.proto.Wiring;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM: asks the run to come to its end, and lets the JVM go when it has, with the
 * run's own exit status.
 */
@Wiring
final class StopSignal {
  private static final long END_SECONDS = 600;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int status = 1;
  private volatile boolean over;

  static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::asked, "chaos-stop"));
    return signal;
  }

  private void asked() {
    if (over) {
      return; // the usual way: the run is at its end and the JVM goes
    }
    asked.countDown();
    try {
      ended.await(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(status);
  }

  boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits; true if the run was asked to end meanwhile. */
  boolean hold(long millis) throws InterruptedException {
    return asked.await(millis, TimeUnit.MILLISECONDS);
  }

  /** The run has ended with this exit status. */
  void ended(int exitStatus) {
    status = exitStatus;
    over = true;
    ended.countDown();
  }
}

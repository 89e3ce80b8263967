package dev.kittiwake.embedded;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Executor;

/**
 * Runs a scan on the thread that asks, when that is a thread of the application, which waits for it
 * anyway; on the pool when it is a thread of the network, which others wait for.
 */
final class ScanExecutor implements Executor {
  private final Executor pool;

  ScanExecutor(Executor pool) {
    this.pool = pool;
  }

  @Override
  public void execute(Runnable scan) {
    if (Thread.currentThread() instanceof FastThreadLocalThread) {
      pool.execute(scan);
    } else {
      scan.run();
    }
  }
}

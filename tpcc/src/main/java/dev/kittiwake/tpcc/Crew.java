package dev.kittiwake.tpcc;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the threads of loader and terminals: named by role, daemons, so that a hung driver cannot
 * keep the JVM.
 */
@Wiring
final class Crew {
  private Crew() {}

  static ExecutorService of(int size, String role) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        size,
        task -> {
          Thread thread = new Thread(task, "tpcc-" + role + "-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}

package dev.kittiwake.cli.chaos.network;

/**
 * One direction between two nodes: open, or holding everything back, and with a delay. What is held
 * back is not lost but late, as with TCP; it is lost when the connection is cut. Thread-safe.
 */
final class Link {
  private boolean blocked; // guarded by this
  private volatile int delayMillis;

  synchronized void block() {
    blocked = true;
  }

  synchronized void open() {
    blocked = false;
    delayMillis = 0;
    notifyAll();
  }

  void delay(int millis) {
    delayMillis = millis;
  }

  int delayMillis() {
    return delayMillis;
  }

  /** Returns once bytes may pass, or {@code connection} is closed. */
  synchronized void awaitOpen(Connection connection) throws InterruptedException {
    while (blocked && !connection.isClosed()) {
      wait(1_000);
    }
  }

  /** Lets those who wait look whether their connection is closed. */
  synchronized void wake() {
    notifyAll();
  }
}

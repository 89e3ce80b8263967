package dev.kittiwake.kv.txn;

import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.wait.WaitEdge;
import java.util.concurrent.CompletableFuture;

/** The one place of the cluster that knows who waits for whom. Thread-safe, never blocks. */
public interface DeadlockService {
  /**
   * Notes that a transaction waits.
   *
   * @return completes with the deadlock that waiting would close (the edge is not kept then), or
   *     with null; if the detector cannot be reached it completes with null too, and the lock
   *     wait's limit ends the wait
   */
  CompletableFuture<KeyError.Deadlock> detect(WaitEdge edge);

  /** The transaction no longer waits on that edge. */
  void forget(WaitEdge edge);
}

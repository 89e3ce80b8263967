package dev.kittiwake.client.txn;

import dev.kittiwake.proto.kvrpcpb.Context;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a reader has learnt about transactions whose locks it met: those it may ignore, and those
 * committed before its timestamp whose locked values it may read. Thread-safe.
 */
final class ReadHints {
  private final Set<Long> ignored = new LinkedHashSet<>(); // guarded by this
  private final Set<Long> committed = new LinkedHashSet<>(); // guarded by this
  private volatile boolean empty = true;

  synchronized void ignore(long startTs) {
    ignored.add(startTs);
    empty = false;
  }

  synchronized void readAsCommitted(long startTs) {
    committed.add(startTs);
    empty = false;
  }

  Context addTo(Context context) {
    if (empty) {
      return context;
    }
    synchronized (this) {
      return context.toBuilder()
          .addAllResolvedLocks(ignored)
          .addAllCommittedLocks(committed)
          .build();
    }
  }
}

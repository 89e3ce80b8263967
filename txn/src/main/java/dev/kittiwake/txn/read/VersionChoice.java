package dev.kittiwake.txn.read;

import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.mvcc.Write;

/** Finds, among the versions of one key offered one by one, the one a view shows. */
final class VersionChoice {
  private final ReadView view;
  Write visible; // the newest change at or below the view's timestamp, so far
  long visibleTs;
  Write newer; // a change above it, if the view minds
  long newerTs;

  VersionChoice(ReadView view) {
    this.view = view;
  }

  /** Offers versions from newest to oldest. */
  void offerOlder(long commitTs, byte[] record) {
    Write write = Write.parse(record);
    if (!write.type().changesValue()) {
      return;
    }
    if (!Timestamp.isAfter(commitTs, view.ts())) {
      visible = write;
      visibleTs = commitTs;
    } else if (newer == null && mindsNewer()) {
      newer = write;
      newerTs = commitTs;
    }
  }

  /** Offers versions from oldest to newest. */
  void offerNewer(long commitTs, byte[] record) {
    boolean above = Timestamp.isAfter(commitTs, view.ts());
    if (above && !mindsNewer()) {
      return;
    }
    Write write = Write.parse(record);
    if (!write.type().changesValue()) {
      return;
    }
    if (above) {
      newer = write;
      newerTs = commitTs;
    } else {
      visible = write;
      visibleTs = commitTs;
    }
  }

  boolean isDecided() {
    return visible != null || newer != null;
  }

  /** Whether the visible record may be a leftover of garbage collection. */
  boolean isFenced() {
    return visible.gcFence() != 0 && !Timestamp.isAfter(visible.gcFence(), view.ts());
  }

  private boolean mindsNewer() {
    return view.isolation() == Isolation.READ_COMMITTED_CHECK_TS;
  }
}

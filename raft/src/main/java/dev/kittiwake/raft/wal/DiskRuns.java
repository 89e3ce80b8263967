package dev.kittiwake.raft.wal;

import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a group lives on disk, as of the records written: which segments hold entries it needs, and
 * which its newest state. Belongs to the writer; the group's loop may be ahead of it.
 */
final class DiskRuns {
  /** Entries of consecutive indexes in one segment. */
  record Run(long first, long last, long sequence) {}

  HardState hardState = HardState.NONE;
  LogPosition start = LogPosition.ZERO;
  private long stateSequence = Long.MAX_VALUE;
  private List<Run> runs = new ArrayList<>();

  void state(HardState newHardState, LogPosition newStart, long sequence) {
    hardState = newHardState;
    start = newStart;
    stateSequence = sequence;
    cut(newStart.index() + 1, Long.MAX_VALUE);
  }

  void append(long first, long last, long sequence) {
    cut(0, first - 1);
    add(first, last, sequence);
  }

  void copy(long first, long last, long sequence) {
    List<Run> before = new ArrayList<>(runs);
    runs.clear();
    for (Run run : before) {
      add(run.first(), Math.min(run.last(), first - 1), run.sequence());
      add(Math.max(run.first(), last + 1), run.last(), run.sequence());
    }
    add(first, last, sequence);
  }

  void clear() {
    runs.clear();
  }

  /** Keeps only indexes in this range. */
  private void cut(long from, long to) {
    if (runs.isEmpty()
        || (runs.get(0).first() >= from
            && runs.get(runs.size() - 1).last() <= to
            && runs.size() == 1)) {
      return;
    }
    List<Run> before = runs;
    runs = new ArrayList<>();
    for (Run run : before) {
      add(Math.max(run.first(), from), Math.min(run.last(), to), run.sequence());
    }
  }

  private void add(long first, long last, long sequence) {
    if (first > last) {
      return;
    }
    if (!runs.isEmpty()) {
      Run newest = runs.get(runs.size() - 1);
      if (newest.sequence() == sequence && newest.last() + 1 == first) {
        runs.set(runs.size() - 1, new Run(newest.first(), last, sequence));
        return;
      }
    }
    runs.add(new Run(first, last, sequence));
  }

  /** The oldest segment this group needs. */
  long oldest() {
    long oldest = stateSequence;
    for (Run run : runs) {
      oldest = Math.min(oldest, run.sequence());
    }
    return oldest;
  }

  List<Run> runsIn(long sequence) {
    return runs.stream().filter(run -> run.sequence() == sequence).toList();
  }
}

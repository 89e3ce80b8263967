package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Timestamps are handed out once and grow in real time: what is asked for after an answer is larger
 * than that answer. The same goes for the timestamps of transactions, as far as clients know them:
 * a commit is later than its start, and a start is not earlier than a commit acknowledged before.
 */
public final class TimestampOrder implements Judge {
  /**
   * @param unique whether nobody else may have been given any of these
   */
  private record Range(Operation operation, long first, long last, boolean unique) {}

  @Override
  public Verdict judge(History history) {
    List<Range> ranges = new ArrayList<>();
    for (Operation operation : history.operations()) {
      if (operation.answer() instanceof Answer.Timestamps) {
        Answer.Timestamps taken = (Answer.Timestamps) operation.answer();
        ranges.add(new Range(operation, taken.first(), taken.last(), true));
        int count = ((Action.TakeTimestamps) operation.action()).count();
        if (taken.last() - taken.first() + 1 != count) {
          return broken(
              String.format("%s asked for %d timestamps", Describe.name(operation), count),
              operation);
        }
      } else if (operation.answer() instanceof Answer.Committed
          && ((Answer.Committed) operation.answer()).startTs() > 0) {
        Answer.Committed committed = (Answer.Committed) operation.answer();
        if (committed.commitTs() > 0 && committed.commitTs() <= committed.startTs()) {
          return broken(
              String.format(
                  "%s started at %d and committed at %d",
                  Describe.name(operation), committed.startTs(), committed.commitTs()),
              operation);
        }
        long last = Math.max(committed.startTs(), committed.commitTs());
        ranges.add(new Range(operation, committed.startTs(), last, false));
      }
    }
    Verdict broken = twice(ranges);
    broken = broken != null ? broken : inRealTime(ranges);
    return broken != null ? broken : Verdict.holds();
  }

  /** A start timestamp counts as handed out, a commit timestamp need not have been. */
  private static Verdict twice(List<Range> ranges) {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Range::first));
    Range before = null;
    for (Range range : sorted) {
      long end = before == null ? -1 : before.unique() ? before.last() : before.first();
      if (before != null && range.first() <= end) {
        return broken(
            String.format(
                "%s and %s were both given %d",
                Describe.name(before.operation()), Describe.name(range.operation()), range.first()),
            before.operation(),
            range.operation());
      }
      before = range;
    }
    return null;
  }

  private static Verdict inRealTime(List<Range> ranges) {
    record Event(int position, Range range, boolean begins) {}
    List<Event> events = new ArrayList<>();
    for (Range range : ranges) {
      events.add(new Event(range.operation().invokedAt(), range, true));
      if (range.operation().isOk()) {
        events.add(new Event(range.operation().endedAt(), range, false));
      }
    }
    events.sort(Comparator.comparingInt(Event::position));
    Range largest = null;
    for (Event event : events) {
      Range range = event.range();
      if (!event.begins()) {
        largest = largest == null || range.last() > largest.last() ? range : largest;
      } else if (largest != null
          && (range.first() < largest.last()
              || (range.first() == largest.last() && largest.unique()))) {
        return broken(
            String.format(
                "%s was given %d, although %s had ended with %d before it began",
                Describe.name(range.operation()),
                range.first(),
                Describe.name(largest.operation()),
                largest.last()),
            largest.operation(),
            range.operation());
      }
    }
    return null;
  }

  private static Verdict broken(String explanation, Operation... operations) {
    return new Verdict.Broken(Rule.TIMESTAMP_ORDER, explanation, List.of(operations));
  }
}

package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One transaction as the cycle judge sees it.
 *
 * @param writes values written, by item, in the order of the steps
 * @param reads what it read of others; its own writes are taken off
 */
record Transaction(Operation operation, Map<Item, List<Long>> writes, List<Read> reads) {
  /**
   * A read of what others wrote.
   *
   * @param elements the list without the reader's own elements at its end; empty for a register
   * @param version the last element or the register's value; null if there was none
   * @param current whether the newest data was read, under a lock, rather than a snapshot
   */
  record Read(Item item, List<Long> elements, Long version, boolean current) {}

  static Transaction of(Operation operation) {
    List<Step> steps = ((Action.Txn) operation.action()).steps();
    Map<Item, List<Long>> writes = new LinkedHashMap<>();
    List<Read> reads = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Item item = Item.of(steps.get(i));
      if (item == null) {
        continue;
      }
      Long written = written(steps.get(i));
      if (written != null) {
        writes.computeIfAbsent(item, none -> new ArrayList<>()).add(written);
      } else if (operation.answer() != null) {
        Seen seen = ((Answer.Committed) operation.answer()).seen().get(i);
        Read read = read(item, seen, writes.getOrDefault(item, List.of()), steps.get(i));
        if (read != null) {
          reads.add(asLocked(read, reads));
        }
      }
    }
    return new Transaction(operation, writes, reads);
  }

  /** The value a step writes; null if it reads. */
  static Long written(Step step) {
    if (step instanceof Step.Append) {
      return ((Step.Append) step).element();
    }
    return step instanceof Step.WriteRegister ? ((Step.WriteRegister) step).value() : null;
  }

  static boolean isLocking(Step step) {
    return step instanceof Step.ReadList
        ? ((Step.ReadList) step).locking()
        : step instanceof Step.ReadRegister && ((Step.ReadRegister) step).locking();
  }

  private static Read read(Item item, Seen seen, List<Long> own, Step step) {
    boolean current = isLocking(step) || !own.isEmpty();
    if (seen instanceof Seen.Register && own.isEmpty()) {
      return new Read(item, List.of(), ((Seen.Register) seen).value(), current);
    } else if (seen instanceof Seen.Elements) {
      List<Long> elements = ((Seen.Elements) seen).elements();
      int others = Math.max(0, elements.size() - own.size());
      if (elements.subList(others, elements.size()).equals(own)) {
        List<Long> base = others == elements.size() ? elements : elements.subList(0, others);
        return new Read(item, base, base.isEmpty() ? null : base.get(others - 1), current);
      }
    }
    return null; // nothing of others in it, or the rule of own writes is broken
  }

  /** A plain read that repeats what a locking read showed is of the newest data, too. */
  private static Read asLocked(Read read, List<Read> earlier) {
    Read locked = new Read(read.item(), read.elements(), read.version(), true);
    return earlier.contains(locked) ? locked : read;
  }

  /** The value that is left in {@code item}; null if it was not written. */
  Long lastWrite(Item item) {
    List<Long> values = writes.get(item);
    return values == null ? null : values.get(values.size() - 1);
  }

  long commitTs() {
    return operation.answer() == null ? 0 : ((Answer.Committed) operation.answer()).commitTs();
  }

  String name() {
    return Describe.name(operation);
  }
}

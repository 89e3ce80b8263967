package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Ending;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.judge.KeyOperations.Op;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Raw operations are linearizable, key by key (Herlihy and Wing 1990: a history is linearizable if
 * and only if its part on each object is). Every key is absent at the start.
 *
 * <p>Operations nobody knows the end of stay pending for ever. A key on which more than the allowed
 * number of configurations would have to be looked at is not judged, and a note says so.
 */
public final class Linearizability implements Judge {
  static final long MOST_CONFIGURATIONS = 2_000_000;

  @Override
  public Verdict judge(History history) {
    List<Operation> all = history.operations();
    List<String> notes = new ArrayList<>();
    for (Map.Entry<String, List<Op>> key : KeyOperations.byKey(all).entrySet()) {
      Verdict.Broken broken = plain(key.getKey(), key.getValue(), all);
      if (broken != null) {
        return broken;
      }
      switch (new OrderSearch(key.getValue()).run(MOST_CONFIGURATIONS)) {
        case NO_ORDER:
          return explained(key.getKey(), Shortest.of(key.getValue()), key.getValue());
        case GAVE_UP:
          notes.add("key " + key.getKey() + ": too many configurations, not judged");
          break;
        default:
          break;
      }
    }
    return new Verdict.Holds(notes);
  }

  /** What is wrong whatever the order. */
  private static Verdict.Broken plain(String key, List<Op> ops, List<Operation> all) {
    Operation contradiction = KeyOperations.contradiction(ops);
    if (contradiction != null) {
      return new Verdict.Broken(
          Rule.INTERNAL,
          Describe.name(contradiction)
              + " swapped without finding what it expected, or the reverse",
          List.of(contradiction));
    }
    Set<String> written = new HashSet<>();
    ops.forEach(op -> written.add(op.writes() ? op.leaves() : null));
    for (Op op : ops) {
      if (op.answered() && op.looks() && op.needs() != null && !written.contains(op.needs())) {
        return strange(key, op, all);
      }
    }
    return null;
  }

  private static Verdict.Broken strange(String key, Op reader, List<Operation> all) {
    for (Operation other : all) {
      if (other.ending() == Ending.FAILED
          && key.equals(KeyOperations.key(other.action()))
          && reader.needs().equals(written(other.action()))) {
        return new Verdict.Broken(
            Rule.G1A,
            String.format(
                "%s found %s in %s, but %s, which was to write it, failed",
                Describe.name(reader.operation()), reader.needs(), key, Describe.name(other)),
            List.of(other, reader.operation()));
      }
    }
    return new Verdict.Broken(
        Rule.GARBAGE_READ,
        String.format(
            "%s found %s in %s, which nobody wrote",
            Describe.name(reader.operation()), reader.needs(), key),
        List.of(reader.operation()));
  }

  private static String written(Action action) {
    return action instanceof Action.RawPut
        ? ((Action.RawPut) action).value()
        : action instanceof Action.RawSwap ? ((Action.RawSwap) action).value() : null;
  }

  private static Verdict explained(String key, List<Op> shortest, List<Op> ops) {
    List<Operation> operations = new ArrayList<>();
    shortest.forEach(op -> operations.add(op.operation()));
    for (Op reader : shortest) {
      if (reader.answered() && reader.looks()) {
        Op replacing = replacedBefore(reader, ops);
        if (replacing != null && shortest.contains(replacing)) {
          boolean lost = reader.needs() == null;
          return new Verdict.Broken(
              lost ? Rule.LOST_WRITE : Rule.STALE_READ,
              String.format(
                  "%s found %s %s, although %s had written %s before %s began%s",
                  Describe.name(reader.operation()),
                  key,
                  lost ? "absent" : "= " + reader.needs(),
                  Describe.name(replacing.operation()),
                  replacing.leaves() == null ? "absence" : replacing.leaves(),
                  Describe.name(reader.operation()),
                  lost ? "" : ", later than the value that was found"),
              operations);
        }
      }
    }
    return new Verdict.Broken(
        Rule.NOT_LINEARIZABLE,
        "no order of these operations on "
            + key
            + ", each taking effect between its call and its answer, explains every answer",
        operations);
  }

  /**
   * A write that came after the value which {@code reader} found and was over before it began; only
   * if one writer left that value, or the value is absence and nobody left it.
   */
  private static Op replacedBefore(Op reader, List<Op> ops) {
    Op writer = null;
    for (Op op : ops) {
      if (op.writes() && Objects.equals(op.leaves(), reader.needs())) {
        if (writer != null || reader.needs() == null) {
          return null;
        }
        writer = op;
      }
    }
    for (Op op : ops) {
      if (op.writes()
          && op.answered()
          && op != writer
          && op.endedAt() < reader.invokedAt()
          && (writer == null || writer.endedAt() < op.invokedAt())) {
        return op;
      }
    }
    return null;
  }
}

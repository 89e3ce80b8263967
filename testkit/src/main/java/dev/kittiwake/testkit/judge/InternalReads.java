package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a transaction must see of itself: its own writes, and the same again when it reads again.
 *
 * <p>Of others it may see two states of a key, if the level allows: the snapshot's, and, once the
 * key is locked by a write or by a locking read, the newest. Each of the two must stay as it is.
 */
final class InternalReads {
  private static final class State {
    private final List<Long> own = new ArrayList<>();
    private boolean locked; // a write or a locking read came before
    private Object snapshot; // what plain reads saw; null: no such read yet
    private Object current; // what reads under the lock saw
  }

  private static final Object ABSENT = "absent";

  private InternalReads() {}

  /** The first contradiction of {@code operation} with itself, as a sentence; null if none. */
  static String contradiction(Operation operation, Level level) {
    List<Step> steps = ((Action.Txn) operation.action()).steps();
    List<Seen> seen = ((Answer.Committed) operation.answer()).seen();
    Map<Item, State> states = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      Item item = Item.of(steps.get(i));
      if (item == null) {
        continue;
      }
      State state = states.computeIfAbsent(item, none -> new State());
      Long written = Transaction.written(steps.get(i));
      if (written != null) {
        state.own.add(written);
        state.locked = true;
      } else if (!(seen.get(i) instanceof Seen.Nothing)) {
        boolean locking = Transaction.isLocking(steps.get(i));
        String wrong = read(item, seen.get(i), locking, state, level);
        if (wrong != null) {
          return Describe.name(operation) + wrong;
        }
      }
    }
    return null;
  }

  private static String read(Item item, Seen seen, boolean locking, State state, Level level) {
    Object others;
    if (seen instanceof Seen.Elements) {
      List<Long> elements = ((Seen.Elements) seen).elements();
      int size = elements.size() - state.own.size();
      if (size < 0 || !elements.subList(size, elements.size()).equals(state.own)) {
        return " read " + elements + " in " + item + " after it had appended " + state.own;
      }
      others = elements.subList(0, size);
    } else {
      Long value = ((Seen.Register) seen).value();
      if (!state.own.isEmpty()) {
        Long last = state.own.get(state.own.size() - 1);
        return Objects.equals(last, value)
            ? null
            : " read " + value + " in " + item + " after it had written " + last;
      }
      others = value == null ? ABSENT : value;
    }
    return again(item, others, locking, state, level);
  }

  private static String again(Item item, Object others, boolean locking, State state, Level level) {
    boolean current = (state.locked || locking) && !level.isOneSnapshot();
    if (state.locked && !locking && state.own.isEmpty() && !others.equals(state.current)) {
      current = false; // a plain read may still show the snapshot beside what is locked
    }
    state.locked |= locking;
    Object before = current ? state.current : state.snapshot;
    if (current) {
      state.current = others;
    } else {
      state.snapshot = others;
      if (!level.repeatsReads()) {
        return null;
      }
    }
    return before == null || before.equals(others)
        ? null
        : " read " + item + " as " + before + " and then as " + others;
  }
}

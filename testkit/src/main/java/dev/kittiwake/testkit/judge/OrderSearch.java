package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.judge.KeyOperations.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Looks for an order of the operations on one key that explains every answer, each operation taking
 * effect between its call and its answer: the search of Wing and Gong ("Testing and Verifying
 * Concurrent Objects", 1993) with Lowe's memory of configurations already seen ("Testing for
 * Linearizability", 2017).
 *
 * <p>Operations without an answer may take effect at any time after their call, or never. They are
 * not searched over. Without loss, such an operation takes effect only right before one that needs
 * the value it leaves: if the next one does not look, or has no effect, the order stays right
 * without it. So they are drawn in only when an answered operation needs a value that is not there.
 *
 * <p>Two kinds of answered operations need no choice either. One that writes nothing and finds what
 * it needs takes effect at once: it stands in nobody's way. And a value that nobody ever finds may
 * as well be written right before another write that does not look, as soon as there is one.
 *
 * <p>A configuration is known by 128 bits: the exclusive or of random words of the operations that
 * took effect, and of the value. Should two configurations ever share them, an order could be
 * missed; with fewer than 2^40 configurations the chance is below 2^-48.
 */
final class OrderSearch {
  /** What the search found. */
  enum Outcome {
    ORDER,
    NO_ORDER,
    /** More configurations than allowed. */
    GAVE_UP
  }

  private record Words(long high, long low) {
    Words xor(Words other) {
      return new Words(high ^ other.high, low ^ other.low);
    }
  }

  /**
   * A decision that can be taken back: {@code op} took effect after the {@code drawn} ones, and
   * with it, without a choice, the {@code free} ones.
   */
  private record Decision(
      int op, int option, List<Integer> drawn, List<Integer> free, String before, Words hash) {}

  private static final int DRAWN_AT_MOST = 64;

  private final List<Op> answered = new ArrayList<>(); // by invocation
  private final List<Op> unanswered = new ArrayList<>(); // by invocation
  private final Map<String, List<Integer>> leaving = new HashMap<>(); // unanswered, by value left
  private final boolean[] used; // of unanswered: has taken effect
  private final boolean[] isUnseen; // of answered: writes, does not look, and nobody needs it
  private final Words[] wordsOfAnswered;
  private final Words[] wordsOfUnanswered;
  // Calls and answers of `answered` in order, as a doubly linked list over 2 * answered.size()
  // entries (call of i: 2i, answer of i: 2i + 1) and a head.
  private final int[] next;
  private final int[] previous;
  private final int head;
  private int furthestStop = -1;

  OrderSearch(List<Op> ops) {
    for (Op op : ops) {
      if (op.answered()) {
        answered.add(op);
      } else {
        leaving.computeIfAbsent(op.leaves(), none -> new ArrayList<>()).add(unanswered.size());
        unanswered.add(op);
      }
    }
    used = new boolean[unanswered.size()];
    isUnseen = unseen(ops);
    SplittableRandom random = new SplittableRandom(0x6b69747469L);
    wordsOfAnswered = words(answered.size(), random);
    wordsOfUnanswered = words(unanswered.size(), random);
    head = 2 * answered.size();
    next = new int[head + 1];
    previous = new int[head + 1];
    link();
  }

  private boolean[] unseen(List<Op> ops) {
    Set<String> needed = new HashSet<>();
    for (Op op : ops) {
      if (op.looks()) {
        needed.add(op.needs());
      }
    }
    boolean[] unseen = new boolean[answered.size()];
    for (int i = 0; i < unseen.length; i++) {
      Op op = answered.get(i);
      unseen[i] = op.writes() && !op.looks() && !needed.contains(op.leaves());
    }
    return unseen;
  }

  private static Words[] words(int count, SplittableRandom random) {
    Words[] words = new Words[count];
    for (int i = 0; i < count; i++) {
      words[i] = new Words(random.nextLong(), random.nextLong());
    }
    return words;
  }

  private void link() {
    List<Integer> entries = new ArrayList<>();
    for (int entry = 0; entry < head; entry++) {
      entries.add(entry);
    }
    entries.sort((a, b) -> Integer.compare(position(a), position(b)));
    int last = head;
    for (int entry : entries) {
      next[last] = entry;
      previous[entry] = last;
      last = entry;
    }
    next[last] = head;
    previous[head] = last;
  }

  private int position(int entry) {
    Op op = answered.get(entry / 2);
    return entry % 2 == 0 ? op.invokedAt() : op.endedAt();
  }

  /**
   * Where the search came to its furthest stop: what was answered up to this position has no order,
   * if {@link #run} found none.
   */
  int furthestStop() {
    return furthestStop;
  }

  /**
   * @param mostConfigurations when to give up
   */
  Outcome run(long mostConfigurations) {
    Set<Words> known = new HashSet<>();
    List<Decision> decisions = new ArrayList<>();
    takeReads(null, new ArrayList<>());
    String value = null;
    Words hash = new Words(0, 0);
    int entry = next[head];
    int option = 0;
    while (next[head] != head) {
      if (entry % 2 == 1) {
        furthestStop = Math.max(furthestStop, position(entry));
        if (decisions.isEmpty()) {
          return Outcome.NO_ORDER;
        }
        Decision last = decisions.remove(decisions.size() - 1);
        takeBack(last);
        value = last.before();
        hash = last.hash();
        entry = 2 * last.op();
        option = last.option() + 1;
        continue;
      }
      Decision decision = decide(entry / 2, option, value, hash);
      if (decision == null) {
        entry = next[entry];
        option = 0;
        continue;
      }
      Op op = answered.get(entry / 2);
      String after = op.writes() ? op.leaves() : op.looks() ? op.needs() : value;
      Words afterHash = hash(decision);
      if (!known.add(afterHash.xor(wordsOf(after)))) {
        takeBack(decision);
        option++;
        continue;
      }
      if (known.size() > mostConfigurations) {
        return Outcome.GAVE_UP;
      }
      decisions.add(decision);
      value = after;
      hash = afterHash;
      entry = next[head];
      option = 0;
    }
    return Outcome.ORDER;
  }

  /** Lets {@code op} take effect now in its way numbered {@code option}; null if there is none. */
  private Decision decide(int op, int option, String value, Words hash) {
    Op it = answered.get(op);
    List<Integer> drawn = way(it, value, option, firstAnswer());
    if (drawn == null) {
      return null;
    }
    List<Integer> free = new ArrayList<>();
    if (it.writes() && !it.looks()) {
      takeUnseen(op, free);
    }
    lift(op);
    drawn.forEach(i -> used[i] = true);
    takeReads(it.writes() ? it.leaves() : it.looks() ? it.needs() : value, free);
    return new Decision(op, option, drawn, free, value, hash);
  }

  private Words hash(Decision decision) {
    Words hash = decision.hash().xor(wordsOfAnswered[decision.op()]);
    for (int i : decision.drawn()) {
      hash = hash.xor(wordsOfUnanswered[i]);
    }
    for (int i : decision.free()) {
      hash = hash.xor(wordsOfAnswered[i]);
    }
    return hash;
  }

  private void takeBack(Decision decision) {
    List<Integer> free = decision.free();
    int unseen = 0;
    while (unseen < free.size() && answered.get(free.get(unseen)).writes()) {
      unseen++; // these were lifted before the operation itself
    }
    for (int i = free.size() - 1; i >= unseen; i--) {
      drop(free.get(i));
    }
    drop(decision.op());
    for (int i = unseen - 1; i >= 0; i--) {
      drop(free.get(i));
    }
    decision.drawn().forEach(i -> used[i] = false);
  }

  /** Operations that write nothing and find what they need. */
  private void takeReads(String value, List<Integer> taken) {
    boolean more = true;
    while (more) {
      more = false;
      for (int entry = next[head]; entry % 2 == 0 && entry != head; entry = next[entry]) {
        Op op = answered.get(entry / 2);
        if (!op.writes() && (!op.looks() || Objects.equals(op.needs(), value))) {
          lift(entry / 2);
          taken.add(entry / 2);
          more = true;
        }
      }
    }
  }

  /** Writes of values nobody finds, right before the write of {@code op}. */
  private void takeUnseen(int op, List<Integer> taken) {
    for (int entry = next[head]; entry % 2 == 0 && entry != head; entry = next[entry]) {
      if (entry / 2 != op && isUnseen[entry / 2]) {
        lift(entry / 2);
        taken.add(entry / 2);
      }
    }
  }

  private static Words wordsOf(String value) {
    if (value == null) {
      return new Words(0, 0);
    }
    long high = 0x9e3779b97f4a7c15L;
    long low = 0xc2b2ae3d27d4eb4fL;
    for (int i = 0; i < value.length(); i++) {
      high = (high ^ value.charAt(i)) * 0xff51afd7ed558ccdL;
      low = (low + value.charAt(i)) * 0xc4ceb9fe1a85ec53L;
      high ^= high >>> 29;
      low ^= low >>> 31;
    }
    return new Words(high, low);
  }

  /** Nothing may take effect now that was called after the first answer still to come. */
  private int firstAnswer() {
    for (int entry = next[head]; entry != head; entry = next[entry]) {
      if (entry % 2 == 1) {
        return position(entry);
      }
    }
    return Integer.MAX_VALUE;
  }

  /**
   * The way numbered {@code option} for {@code op} to take effect now: which unanswered operations
   * come first; null if there are not so many ways.
   */
  private List<Integer> way(Op op, String value, int option, int firstAnswer) {
    if (!op.looks() || Objects.equals(op.needs(), value)) {
      return option == 0 ? List.of() : null;
    }
    List<List<Integer>> ways = new ArrayList<>();
    chains(op.needs(), value, firstAnswer, new ArrayList<>(), ways);
    return option < ways.size() ? ways.get(option) : null;
  }

  /** Collects the ways from {@code value} to {@code needed}; {@code tail} comes after them. */
  private void chains(
      String needed, String value, int before, List<Integer> tail, List<List<Integer>> ways) {
    if (tail.size() >= DRAWN_AT_MOST) {
      return;
    }
    boolean plainFound = false;
    for (int i : leaving.getOrDefault(needed, List.of())) {
      Op op = unanswered.get(i);
      if (op.invokedAt() > before) {
        break;
      }
      if (used[i] || tail.contains(i)) {
        continue;
      }
      if (op.looks() ? Objects.equals(op.needs(), value) : !plainFound) {
        plainFound |= !op.looks(); // any other that leaves the same would do as well, later too
        List<Integer> way = new ArrayList<>(List.of(i));
        way.addAll(tail);
        ways.add(way);
      }
      if (op.looks() && !Objects.equals(op.needs(), value)) {
        List<Integer> longer = new ArrayList<>(List.of(i));
        longer.addAll(tail);
        chains(op.needs(), value, before, longer, ways);
      }
    }
  }

  private void lift(int op) {
    unlink(2 * op);
    unlink(2 * op + 1);
  }

  private void unlink(int entry) {
    next[previous[entry]] = next[entry];
    previous[next[entry]] = previous[entry];
  }

  /** Puts an operation back; must be called in the reverse order of {@link #lift}. */
  private void drop(int op) {
    relink(2 * op + 1);
    relink(2 * op);
  }

  private void relink(int entry) {
    next[previous[entry]] = entry;
    previous[next[entry]] = entry;
  }
}

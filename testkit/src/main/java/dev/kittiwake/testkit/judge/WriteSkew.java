package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.History;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Write skew: two transactions each read what the other overwrote, on different keys. Snapshot
 * isolation allows it; {@link #allowed()} therefore holds and shows what there was, so that a test
 * sees that the history could have shown it. Where all reads are {@code FOR UPDATE}, it is {@link
 * #forbidden()}.
 */
public final class WriteSkew implements Judge {
  private static final int MOST_SHOWN = 10;

  private final boolean allowed;

  private WriteSkew(boolean allowed) {
    this.allowed = allowed;
  }

  public static WriteSkew allowed() {
    return new WriteSkew(true);
  }

  public static WriteSkew forbidden() {
    return new WriteSkew(false);
  }

  @Override
  public Verdict judge(History history) {
    Transactions transactions = new Transactions(history.operations());
    // What else is broken is for Cycles to say.
    Dependencies dependencies = Dependencies.of(transactions, Level.SNAPSHOT, ignored -> {});
    Map<Long, Dependency> overwritten = new HashMap<>();
    Set<Long> told = new HashSet<>();
    List<String> shown = new ArrayList<>();
    for (Dependency second : dependencies.all()) {
      if (second.kind() != Dependency.Kind.READ_WRITE) {
        continue;
      }
      overwritten.putIfAbsent(pair(second.from(), second.to()), second);
      Dependency first = overwritten.get(pair(second.to(), second.from()));
      if (first == null
          || first.item().equals(second.item())
          || !told.add(pair(first.from(), first.to()))) {
        continue;
      }
      Transaction one = dependencies.transactions().get(first.from());
      Transaction other = dependencies.transactions().get(first.to());
      String sentence = first.explain(one, other) + "; " + second.explain(other, one);
      if (!allowed) {
        return new Verdict.Broken(
            Rule.G2_ITEM, sentence, List.of(one.operation(), other.operation()));
      }
      shown.add("write skew: " + sentence);
    }
    int more = shown.size() - MOST_SHOWN;
    List<String> notes = new ArrayList<>(shown.subList(0, Math.min(MOST_SHOWN, shown.size())));
    if (more > 0) {
      notes.add("write skew: " + more + " more");
    }
    return new Verdict.Holds(notes);
  }

  private static long pair(int from, int to) {
    return ((long) from << 32) | to;
  }
}

package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Ending;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Money moves between accounts and is neither made nor lost: every read of all accounts shows the
 * opening total and nothing below zero, and a read of a quiet moment shows exactly the transfers
 * that were acknowledged, with any of those nobody knows about.
 */
public final class Bank implements Judge {
  private static final int MOST_STATES = 100_000;

  // For all reads together: many of them beside many undetermined transfers would take minutes.
  private long statesLeft = 300_000;

  private final SortedMap<String, Long> opening;

  /**
   * @param opening what each account held before the history
   */
  public Bank(Map<String, Long> opening) {
    this.opening = new TreeMap<>(opening);
  }

  @Override
  public Verdict judge(History history) {
    List<Operation> transfers = new ArrayList<>();
    List<Operation> reads = new ArrayList<>();
    for (Operation operation : history.operations()) {
      if (operation.action() instanceof Action.Transfer) {
        transfers.add(operation);
      } else if (operation.action() instanceof Action.ReadAccounts && operation.isOk()) {
        reads.add(operation);
      }
    }
    for (Operation read : reads) {
      Verdict broken = total(read, transfers);
      if (broken != null) {
        return broken;
      }
    }
    List<String> notes = new ArrayList<>();
    for (Operation read : reads) {
      Verdict broken = quiet(read, transfers, notes);
      if (broken != null) {
        return broken;
      }
    }
    return new Verdict.Holds(notes);
  }

  private static SortedMap<String, Long> balances(Operation read) {
    return ((Answer.Balances) read.answer()).balances();
  }

  private static long sum(Map<String, Long> balances) {
    return balances.values().stream().mapToLong(Long::longValue).sum();
  }

  private Verdict total(Operation read, List<Operation> transfers) {
    SortedMap<String, Long> balances = balances(read);
    if (!balances.keySet().equals(opening.keySet())) {
      return broken(
          Rule.WRONG_TOTAL,
          Describe.name(read) + " found accounts " + balances.keySet() + " of " + opening.keySet(),
          read);
    }
    long missing = sum(opening) - sum(balances);
    if (missing != 0) {
      String sentence =
          String.format(
              "%s found %d in all accounts together, of %d",
              Describe.name(read), sum(balances), sum(opening));
      for (Operation transfer : transfers) {
        if (!read.endedBefore(transfer) && amount(transfer) == Math.abs(missing)) {
          return broken(
              Rule.WRONG_TOTAL,
              sentence + ", as if it had seen half of " + Describe.name(transfer),
              transfer,
              read);
        }
      }
      return broken(Rule.WRONG_TOTAL, sentence, read);
    }
    for (Map.Entry<String, Long> account : balances.entrySet()) {
      if (account.getValue() < 0) {
        return broken(
            Rule.OVERDRAFT,
            Describe.name(read) + " found " + account.getValue() + " on " + account.getKey(),
            read);
      }
    }
    return null;
  }

  private static long amount(Operation transfer) {
    return ((Action.Transfer) transfer.action()).amount();
  }

  /**
   * Compares a read with the transfers, if each of them was acknowledged before it or began after
   * it, or is one nobody knows about.
   */
  private Verdict quiet(Operation read, List<Operation> transfers, List<String> notes) {
    SortedMap<String, Long> expected = new TreeMap<>(opening);
    List<Operation> open = new ArrayList<>();
    for (Operation transfer : transfers) {
      if (transfer.endedBefore(read)) {
        if (transfer.isOk()) {
          apply(transfer, expected);
        }
      } else if (transfer.ending().isUnknown() && transfer.invokedAt() < read.endedAt()) {
        open.add(transfer);
      } else if (!read.endedBefore(transfer)) {
        return null; // under way beside the read
      }
    }
    SortedMap<String, Long> found = balances(read);
    Set<SortedMap<String, Long>> possible = new HashSet<>(Set.of(expected));
    for (Operation transfer : open) {
      if (possible.contains(found)) {
        return null;
      }
      statesLeft -= possible.size();
      if (possible.size() > MOST_STATES || statesLeft < 0) {
        notes.add(Describe.name(read) + ": too many undetermined transfers, not compared");
        return null;
      }
      Set<SortedMap<String, Long>> more = new HashSet<>(possible);
      for (SortedMap<String, Long> state : possible) {
        SortedMap<String, Long> after = new TreeMap<>(state);
        apply(transfer, after);
        more.add(after);
      }
      possible = more;
    }
    if (possible.contains(found)) {
      return null;
    }
    for (Operation failed : transfers) {
      if (failed.ending() == Ending.FAILED && failed.invokedAt() < read.endedAt()) {
        for (SortedMap<String, Long> state : possible) {
          SortedMap<String, Long> after = new TreeMap<>(state);
          apply(failed, after);
          if (after.equals(found)) {
            return broken(
                Rule.G1A,
                Describe.name(read) + " shows " + Describe.name(failed) + ", which failed",
                failed,
                read);
          }
        }
      }
    }
    String beside =
        open.isEmpty() ? "" : ", whichever of " + open.size() + " undetermined ones happened";
    return broken(
        Rule.LOST_WRITE,
        String.format(
            "%s found %s when no transfer was under way, and the acknowledged transfers make %s%s",
            Describe.name(read), found, expected, beside),
        read);
  }

  private static void apply(Operation operation, SortedMap<String, Long> balances) {
    Action.Transfer transfer = (Action.Transfer) operation.action();
    balances.merge(transfer.from(), -transfer.amount(), Long::sum);
    balances.merge(transfer.to(), transfer.amount(), Long::sum);
  }

  private static Verdict broken(Rule rule, String explanation, Operation... operations) {
    return new Verdict.Broken(rule, explanation, List.of(operations));
  }
}

package dev.kittiwake.testkit.ledger;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What was written under keys each of which one writer owns, and what a look at them must show.
 * Each write of a key has a number, counted from 1, which its value tells. A look may happen while
 * writes go on: it must show no write older than the last one that was acknowledged before the look
 * began, and none that had not begun when it ended. Thread-safe.
 */
public final class Ledger {
  private static final int MOST_COMPLAINTS = 20;

  private final ConcurrentSkipListMap<String, Account> accounts = new ConcurrentSkipListMap<>();

  /** What is known of one key. */
  private static final class Account {
    private final BitSet deletions = new BitSet();
    private final BitSet refused = new BitSet();
    private int begun;
    private int acknowledged; // 0 = nothing was ever written

    synchronized int begin(boolean deletion) {
      begun++;
      deletions.set(begun, deletion);
      return begun;
    }

    synchronized void acknowledge(int number) {
      acknowledged = Math.max(acknowledged, number);
    }

    synchronized void refuse(int number) {
      refused.set(number);
    }

    synchronized int acknowledged() {
      return acknowledged;
    }

    /** What is wrong with a key that shows write {@code number}, or null. */
    synchronized String objection(int number, int oldest) {
      if (number > begun || number < 1) {
        return "shows write " + number + ", of which " + begun + " were begun";
      }
      if (deletions.get(number)) {
        return "shows write " + number + ", which was a deletion";
      }
      if (refused.get(number)) {
        return "shows write " + number + ", which failed";
      }
      return number < oldest ? "shows write " + number + ", but " + oldest + " was done" : null;
    }

    /** What is wrong with a key that is not there, or null. */
    synchronized String absence(int oldest) {
      if (oldest == 0) {
        return null;
      }
      int deletion = deletions.nextSetBit(oldest);
      while (deletion >= 0 && refused.get(deletion)) {
        deletion = deletions.nextSetBit(deletion + 1);
      }
      return deletion < 0 ? "is not there, but write " + oldest + " was done" : null;
    }
  }

  /** A write begins; answers its number. The writer must not have another of this key under way. */
  public int begin(String key, boolean deletion) {
    return accounts.computeIfAbsent(key, none -> new Account()).begin(deletion);
  }

  /** The write was acknowledged. */
  public void acknowledged(String key, int number) {
    accounts.get(key).acknowledge(number);
  }

  /** The write failed for certain. Of one whose end nobody knows nothing is to be said. */
  public void refused(String key, int number) {
    accounts.get(key).refuse(number);
  }

  /** How many keys were ever written. */
  public int keys() {
    return accounts.size();
  }

  /** Has to be called before the keys from {@code from} on, up to {@code to}, are read. */
  public Look look(String from, String to) {
    Map<String, Integer> oldest = new TreeMap<>();
    accounts.subMap(from, to).forEach((key, account) -> oldest.put(key, account.acknowledged()));
    return new Look(from, to, oldest);
  }

  /**
   * One key as it was found.
   *
   * @param number of the write that it shows
   */
  public record Row(String key, int number) {}

  /** One look at a range of keys. */
  public final class Look {
    private final String from;
    private final String to;
    private final Map<String, Integer> oldest;

    private Look(String from, String to, Map<String, Integer> oldest) {
      this.from = from;
      this.to = to;
      this.oldest = oldest;
    }

    /** Compares all that was read with the book; empty if everything is right. */
    public List<String> complaints(List<Row> found) {
      List<String> complaints = new ArrayList<>();
      String last = null;
      for (Row row : found) {
        if (last != null && row.key().compareTo(last) <= 0) {
          complaints.add(row.key() + " comes after " + last);
        }
        last = row.key();
        String objection = objection(row);
        if (objection != null) {
          complaints.add(row.key() + " " + objection);
        }
        oldest.remove(row.key());
      }
      oldest.forEach(
          (key, number) -> {
            String absence = accounts.get(key).absence(number);
            if (absence != null) {
              complaints.add(key + " " + absence);
            }
          });
      return complaints.subList(0, Math.min(MOST_COMPLAINTS, complaints.size()));
    }

    private String objection(Row row) {
      Account account = accounts.get(row.key());
      if (account == null) {
        return "was never written";
      }
      if (row.key().compareTo(from) < 0 || row.key().compareTo(to) >= 0) {
        return "is not between " + from + " and " + to;
      }
      return account.objection(row.number(), oldest.getOrDefault(row.key(), 0));
    }
  }
}

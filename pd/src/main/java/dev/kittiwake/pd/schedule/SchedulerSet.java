package dev.kittiwake.pd.schedule;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The schedulers that are there, and when each works next: at once after a move, later and later
 * when there is nothing to do. Confined to the scheduling thread.
 */
public final class SchedulerSet {
  private static final double SLOW_DOWN = 1.3;
  private static final int REMEMBERED = 32;

  /** Those that need no argument; they are on unless they are switched off. */
  private static final List<String> STANDARD =
      List.of(
          "balance-leader-scheduler",
          "balance-region-scheduler",
          HotRegion.NAME,
          LabelScheduler.NAME,
          SlowStore.NAME);

  /** One scheduler. */
  public static final class Entry {
    private final Scheduler scheduler;
    private final String argument;
    private final Deque<Decision> recent = new ArrayDeque<>(); // newest first
    private long nextMillis;
    private long intervalMillis;
    private long pausedUntilMillis;

    private Entry(Scheduler scheduler, String argument) {
      this.scheduler = scheduler;
      this.argument = argument;
    }

    public String name() {
      return scheduler.name();
    }

    /** What it works on, as it was set; {@code on} if it needs nothing. */
    public String argument() {
      return argument;
    }

    public boolean isPaused(long nowMillis) {
      return nowMillis < pausedUntilMillis;
    }

    /** In the past if it does not rest. */
    public long pausedUntilMillis() {
      return pausedUntilMillis;
    }

    /** What it decided lately, newest first. */
    public Collection<Decision> recent() {
      return Collections.unmodifiableCollection(recent);
    }

    Scheduler scheduler() {
      return scheduler;
    }

    boolean isDue(long nowMillis) {
      return nowMillis >= nextMillis && !isPaused(nowMillis);
    }

    void decided(Decision decision, boolean moved, ScheduleConfig config, long nowMillis) {
      long min = config.number(ScheduleSetting.SCHEDULER_MIN_INTERVAL);
      long max = config.number(ScheduleSetting.SCHEDULER_MAX_INTERVAL);
      intervalMillis =
          moved ? min : Math.min(max, Math.max(min, (long) Math.ceil(intervalMillis * SLOW_DOWN)));
      nextMillis = Math.max(nextMillis, nowMillis - max) + intervalMillis;
      if (!moved) {
        nextMillis = Math.max(nextMillis, nowMillis + intervalMillis);
      }
      Decision last = recent.peekFirst();
      if (last != null && last.operators().isEmpty() && decision.operators().isEmpty()) {
        recent.removeFirst(); // of many in a row that did nothing, the last is enough
      }
      recent.addFirst(decision);
      if (recent.size() > REMEMBERED) {
        recent.removeLast();
      }
    }
  }

  private final SortedMap<String, Entry> entries = new TreeMap<>();

  SchedulerSet() {
    configure(Map.of());
  }

  /**
   * Starts and ends schedulers so that those are there that are set.
   *
   * @param set by name: {@code on}, {@code off}, or what it works on
   */
  void configure(Map<String, String> set) {
    SortedMap<String, String> wanted = new TreeMap<>();
    STANDARD.forEach(name -> wanted.put(name, "on"));
    wanted.putAll(set);
    wanted.values().removeIf(value -> value.equals("off"));
    entries.keySet().retainAll(wanted.keySet());
    wanted.forEach(
        (name, argument) -> {
          Entry known = entries.get(name);
          if (known == null || !known.argument().equals(argument)) {
            entries.put(name, new Entry(create(name, argument), argument));
          }
        });
  }

  /**
   * Makes a scheduler.
   *
   * @throws IllegalArgumentException for an unknown name or an argument that it cannot work with
   */
  public static Scheduler create(String name, String argument) {
    switch (name) {
      case "balance-leader-scheduler":
        return new BalanceLeader();
      case "balance-region-scheduler":
        return new BalanceRegion();
      case HotRegion.NAME:
        return new HotRegion();
      case LabelScheduler.NAME:
        return new LabelScheduler();
      case SlowStore.NAME:
        return new SlowStore();
      case EvictLeader.NAME:
        return new EvictLeader(stores(name, argument));
      case GrantLeader.NAME:
        return new GrantLeader(stores(name, argument));
      default:
        if (name.startsWith(ScatterRange.PREFIX)) {
          return new ScatterRange(
              name.substring(ScatterRange.PREFIX.length()), range(name, argument));
        }
        throw new IllegalArgumentException(
            "scheduler \""
                + name
                + "\" is not known; known are "
                + STANDARD
                + ", "
                + EvictLeader.NAME
                + ", "
                + GrantLeader.NAME
                + ", "
                + ScatterRange.PREFIX
                + "NAME");
    }
  }

  private static SortedSet<Long> stores(String name, String argument) {
    SortedSet<Long> ids = new TreeSet<>();
    for (String part : argument.split(",")) {
      try {
        ids.add(Long.parseUnsignedLong(part.strip()));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            name + " needs the ids of stores, e.g. 1,2, not \"" + argument + "\"", e);
      }
    }
    return ids;
  }

  private static KeyRange range(String name, String argument) {
    String[] parts = argument.split(",", -1);
    try {
      if (parts.length == 2) {
        return new KeyRange(
            Key.wrap(HexFormat.of().parseHex(parts[0].strip())),
            Key.wrap(HexFormat.of().parseHex(parts[1].strip())));
      }
    } catch (IllegalArgumentException e) {
      throw notRange(name, argument, e);
    }
    throw notRange(name, argument, null);
  }

  private static IllegalArgumentException notRange(String name, String argument, Throwable cause) {
    return new IllegalArgumentException(
        name + " needs two keys in hexadecimal, e.g. 61,7a, not \"" + argument + "\"", cause);
  }

  public Collection<Entry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  public Optional<Entry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /**
   * Lets a scheduler rest; 0 or less lets it go on.
   *
   * @return whether there is one of that name
   */
  public boolean pause(String name, long millis, long nowMillis) {
    Entry entry = entries.get(name);
    if (entry != null) {
      entry.pausedUntilMillis = nowMillis + Math.max(0, millis);
    }
    return entry != null;
  }

  /** Why stores get no leaders, by all schedulers together. */
  SortedMap<Long, String> leaderRefusals() {
    SortedMap<Long, String> all = new TreeMap<>();
    List<Entry> each = new ArrayList<>(entries.values());
    each.forEach(entry -> entry.scheduler.leaderRefusals().forEach(all::putIfAbsent));
    return all;
  }

  /** Why stores keep their leaders, by all schedulers together. */
  SortedMap<Long, String> leaderHolds() {
    SortedMap<Long, String> all = new TreeMap<>();
    entries.values().forEach(entry -> entry.scheduler.leaderHolds().forEach(all::putIfAbsent));
    return all;
  }
}

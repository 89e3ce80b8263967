package dev.kittiwake.simulation.workload;

import dev.kittiwake.testkit.history.Isolation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Draws operations, with values that occur once in a history. */
final class Choice {
  static final int ACCOUNTS = 6;
  private static final int APPENDS_PER_LIST = 40;

  private final Mix mix;
  private final RandomGenerator random;
  private final Map<String, Integer> uses = new LinkedHashMap<>(); // of a list's or set's name
  private final RandomGenerator replicas; // null: nothing is read from followers
  private long lastValue;

  Choice(Mix mix, RandomGenerator random) {
    this.mix = mix;
    this.random = random;
    this.replicas = mix.replicaReads() ? new SplittableRandom(random.nextLong()) : null;
  }

  Deed next() {
    if (replicas != null && replicas.nextInt(6) == 0) {
      return ReplicaReadDeed.draw(replicas);
    }
    int sum = mix.weights().values().stream().mapToInt(Integer::intValue).sum();
    int at = random.nextInt(sum);
    for (Map.Entry<DeedKind, Integer> entry : mix.weights().entrySet()) {
      at -= entry.getValue();
      if (at < 0) {
        return draw(entry.getKey());
      }
    }
    throw new IllegalStateException("weights do not sum up");
  }

  private Deed draw(DeedKind kind) {
    return switch (kind) {
      case RAW -> RawDeed.draw(this);
      case SWAP -> SwapDeed.draw(this);
      case LISTS_OPTIMISTIC -> TxnDeed.lists(this, Isolation.OPTIMISTIC);
      case LISTS_PESSIMISTIC -> TxnDeed.lists(this, Isolation.PESSIMISTIC);
      case REGISTERS -> TxnDeed.registers(this);
      case BANK -> BankDeed.draw(this);
      case SET -> SetDeed.draw(this);
      case COUNTER -> TxnDeed.counter(this);
      case TIMESTAMPS -> new TimestampDeed(1 + below(3));
    };
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A key of that kind of data, spread over all keys. */
  String key(String kind) {
    return key(kind, below(mix.keys()));
  }

  static String key(String kind, int number) {
    return (char) ('a' + number * 7 % 26) + "-" + kind + number;
  }

  /** A key whose data grows: another takes its place after a while. */
  String growingKey(String kind) {
    String name = key(kind);
    int used = uses.merge(name, 1, Integer::sum);
    return name + "-" + used / APPENDS_PER_LIST;
  }

  long value() {
    return ++lastValue;
  }
}

package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Clients of a right store of raw keys: every operation takes effect at one moment between its call
 * and its answer. Some answers are lost; then the effect may come late or never. On request the
 * store now and then lies.
 */
final class RandomRegisters {
  /** How the store lies. */
  enum Lie {
    NONE,
    /** A read returns the value before the newest. */
    STALE_READ,
    /** A write is acknowledged and has no effect. */
    LOST_WRITE,
    /** A read returns a value that was written long ago. */
    OLD_VALUE,
    /** An effect comes a second time. */
    TWICE
  }

  private final class Client {
    private final int process;
    private Action action;
    private Answer answer; // known once the effect has come
    private int index = -1;

    Client(int process) {
      this.process = process;
    }

    void turn() {
      if (index < 0) {
        action = randomAction();
        answer = null;
        index = history.invoke(process, action, ++nanos);
      } else if (answer == null && random.nextInt(30) == 0) {
        history.undetermined(index, "no answer", ++nanos);
        if (random.nextBoolean()) {
          late.add(action);
        }
        index = -1;
      } else if (answer == null) {
        answer = effect(action, random.nextInt(oneIn) == 0 ? lie : Lie.NONE);
      } else {
        if (random.nextInt(30) == 0) {
          history.undetermined(index, "answer lost", ++nanos);
        } else {
          history.ok(index, answer, ++nanos);
        }
        index = -1;
      }
    }
  }

  private final SplittableRandom random;
  private final Lie lie;
  private final int oneIn;
  private final int keys;
  private final Map<String, List<String>> values = new HashMap<>(); // oldest first; null is absence
  private final List<Action> late = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private final History history = new History();
  private long nanos;
  private long nextValue;

  /**
   * @param oneIn how rarely it lies
   */
  RandomRegisters(long seed, int clients, int keys, Lie lie, int oneIn) {
    random = new SplittableRandom(seed);
    this.lie = lie;
    this.oneIn = oneIn;
    this.keys = keys;
    for (int i = 0; i < clients; i++) {
      this.clients.add(new Client(i));
    }
  }

  History run(int operations) {
    while (history.size() < operations) {
      if (!late.isEmpty() && random.nextInt(10) == 0) {
        effect(late.remove(random.nextInt(late.size())), Lie.NONE);
      }
      clients.get(random.nextInt(clients.size())).turn();
    }
    return history;
  }

  private Action randomAction() {
    String key = "k" + random.nextInt(keys);
    switch (random.nextInt(8)) {
      case 0:
      case 1:
        return new Action.RawPut(key, "v" + ++nextValue);
      case 2:
        return new Action.RawDelete(key);
      case 3:
        String expected = random.nextInt(4) == 0 ? null : newest(key);
        return new Action.RawSwap(key, expected, "v" + ++nextValue);
      default:
        return new Action.RawGet(key);
    }
  }

  private List<String> versions(String key) {
    return values.computeIfAbsent(
        key,
        none -> {
          List<String> absent = new ArrayList<>();
          absent.add(null);
          return absent;
        });
  }

  private String newest(String key) {
    return versions(key).get(versions(key).size() - 1);
  }

  private Answer effect(Action action, Lie lied) {
    String key = KeyOperations.key(action);
    List<String> versions = versions(key);
    String now = newest(key);
    if (action instanceof Action.RawGet) {
      if (lied == Lie.STALE_READ) {
        return new Answer.Value(versions.get(Math.max(0, versions.size() - 2)));
      } else if (lied == Lie.OLD_VALUE) {
        return new Answer.Value(versions.get(random.nextInt(versions.size())));
      }
      return new Answer.Value(now);
    }
    if (lied == Lie.TWICE) {
      late.add(action);
    }
    if (action instanceof Action.RawSwap) {
      Action.RawSwap swap = (Action.RawSwap) action;
      boolean swapped = Objects.equals(now, swap.expected());
      if (swapped && lied != Lie.LOST_WRITE) {
        versions.add(swap.value());
      }
      return new Answer.Swapped(swapped, now);
    }
    if (lied != Lie.LOST_WRITE) {
      versions.add(action instanceof Action.RawPut ? ((Action.RawPut) action).value() : null);
    }
    return Answer.DONE;
  }
}

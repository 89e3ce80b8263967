package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Isolation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Clients that run random transactions on a {@link ModelStore}, one step at a time in a random
 * order, and write down what they see. Some lose the answer to their commit, some give up.
 */
final class RandomTransactions {
  private static final int PATIENCE = 30; // turns a client waits for a lock

  private final class Client {
    private final int process;
    private List<Step> steps = List.of();
    private List<Seen> seen = new ArrayList<>();
    private ModelStore.Running transaction;
    private int index = -1; // of the operation under way
    private int waited;

    Client(int process) {
      this.process = process;
    }

    void turn() {
      if (index < 0) {
        steps = randomSteps();
        seen = new ArrayList<>();
        waited = 0;
        transaction = null;
        index = history.invoke(process, new Action.Txn(steps, isolation()), ++nanos);
      } else if (transaction == null) {
        transaction = store.begin();
      } else if (seen.size() < steps.size()) {
        Seen result = transaction.step(steps.get(seen.size()));
        if (result != null) {
          seen.add(result);
        } else if (++waited > PATIENCE) {
          transaction.rollBack();
          history.failed(index, "waited too long", ++nanos);
          index = -1;
        }
      } else {
        end();
      }
    }

    private void end() {
      Answer.Committed answer = new Answer.Committed(seen);
      if (random.nextInt(20) == 0) {
        if (random.nextBoolean()) {
          transaction.commit(false);
        } else {
          transaction.rollBack();
        }
        if (random.nextBoolean()) {
          history.undetermined(index, answer, "lost the answer", ++nanos);
        } else {
          history.undetermined(index, "lost the answer", ++nanos);
        }
      } else if (random.nextInt(20) == 0) {
        transaction.rollBack();
        history.failed(index, "changed its mind", ++nanos);
      } else if (transaction.commit(random.nextInt(8) == 0)) {
        history.ok(index, answer, ++nanos);
      } else {
        history.failed(index, "conflict", ++nanos);
      }
      index = -1;
    }
  }

  private final SplittableRandom random;
  private final Level level;
  private final ModelStore store;
  private final History history = new History();
  private final List<Client> clients = new ArrayList<>();
  private final int keysAtOnce;
  private long nanos;
  private long nextValue;

  RandomTransactions(long seed, Level level, EnumSet<ModelStore.Bug> bugs) {
    random = new SplittableRandom(seed);
    this.level = level;
    store = new ModelStore(level, bugs);
    keysAtOnce = 2 + random.nextInt(4);
    int count = 2 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      clients.add(new Client(i));
    }
  }

  /** Goes on until there are {@code operations} more, without waiting for those under way. */
  void run(int operations) {
    int until = history.size() + operations;
    while (history.size() < until) {
      if (random.nextInt(6) == 0) {
        store.settle();
      }
      clients.get(random.nextInt(clients.size())).turn();
    }
  }

  /** What is recorded; grows with {@link #run}. */
  History history() {
    return history;
  }

  private Isolation isolation() {
    return level == Level.PESSIMISTIC
        ? Isolation.PESSIMISTIC
        : level == Level.READ_COMMITTED ? Isolation.READ_COMMITTED : Isolation.OPTIMISTIC;
  }

  private List<Step> randomSteps() {
    int count = 1 + random.nextInt(5);
    List<Step> steps = new ArrayList<>();
    while (steps.size() < count) {
      // Keys retire after a while, so that lists stay short.
      long generation = nextValue / (keysAtOnce * 25L);
      String key = "k" + generation + "-" + random.nextInt(keysAtOnce);
      boolean locking = random.nextInt(3) == 0;
      switch (random.nextInt(5)) {
        case 0:
          steps.add(new Step.Append(key, ++nextValue));
          break;
        case 1:
          steps.add(new Step.WriteRegister(key, ++nextValue));
          break;
        case 2:
          steps.add(new Step.ReadRegister(key, locking));
          break;
        default:
          steps.add(new Step.ReadList(key, locking));
          break;
      }
    }
    return steps;
  }
}

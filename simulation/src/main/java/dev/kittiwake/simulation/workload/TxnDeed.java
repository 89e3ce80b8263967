package dev.kittiwake.simulation.workload;

import static dev.kittiwake.simulation.workload.RawDeed.bytes;
import static dev.kittiwake.simulation.workload.RawDeed.text;

import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.client.txn.CommitResult;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Isolation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A transaction of several steps on lists, registers or counters. */
record TxnDeed(Action.Txn action, boolean onePhase, boolean async) implements Deed {
  private static TxnDeed of(Choice choice, List<Step> steps, Isolation isolation) {
    return new TxnDeed(new Action.Txn(steps, isolation), choice.below(3) > 0, choice.below(3) > 0);
  }

  static TxnDeed lists(Choice choice, Isolation isolation) {
    String kind = isolation == Isolation.OPTIMISTIC ? "olist" : "plist";
    List<Step> steps = new ArrayList<>();
    for (int i = 1 + choice.below(4); i > 0; i--) {
      String key = choice.growingKey(kind);
      boolean locking = isolation == Isolation.PESSIMISTIC && choice.below(3) == 0;
      steps.add(
          choice.below(2) == 0
              ? new Step.Append(key, choice.value())
              : new Step.ReadList(key, locking));
    }
    return of(choice, steps, isolation);
  }

  static TxnDeed registers(Choice choice) {
    List<Step> steps = new ArrayList<>();
    for (int i = 1 + choice.below(3); i > 0; i--) {
      String key = choice.key("register");
      steps.add(
          choice.below(2) == 0
              ? new Step.WriteRegister(key, choice.value())
              : new Step.ReadRegister(key));
    }
    return of(choice, steps, Isolation.OPTIMISTIC);
  }

  static TxnDeed counter(Choice choice) {
    String key = choice.key("counter");
    Step step = choice.below(3) == 0 ? new Step.ReadRegister(key) : new Step.Increment(key);
    return of(
        choice, List.of(step), choice.below(2) == 0 ? Isolation.OPTIMISTIC : Isolation.PESSIMISTIC);
  }

  /** The reads of a transaction whose commit is undetermined. */
  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Answer reads;

    Unknown(UndeterminedException why, Answer reads) {
      super(why.getMessage(), why, false, false);
      this.reads = reads;
    }

    Answer reads() {
      return reads;
    }
  }

  @Override
  public CompletableFuture<Answer> begin(SimClient client) {
    return client.run("txn", () -> run(client));
  }

  private Answer run(SimClient client) {
    boolean pessimistic = action.isolation() != Isolation.OPTIMISTIC;
    TransactionOptions options =
        (pessimistic ? TransactionOptions.pessimistic() : TransactionOptions.optimistic())
            .withOnePhaseCommit(onePhase)
            .withAsyncCommit(async);
    try (Transaction transaction = client.client().transactions().begin(options)) {
      List<Seen> seen = new ArrayList<>();
      for (Step step : action.steps()) {
        seen.add(carryOut(transaction, step, pessimistic));
      }
      long startTs = transaction.startTs();
      try {
        CommitResult result = transaction.commit();
        return new Answer.Committed(seen, startTs, result.commitTs());
      } catch (UndeterminedException lost) {
        throw new Unknown(lost, new Answer.Committed(seen, startTs, 0));
      }
    }
  }

  private static Seen carryOut(Transaction transaction, Step step, boolean pessimistic) {
    byte[] key = bytes(step.key());
    if (step instanceof Step.Append append) {
      byte[] old = read(transaction, key, pessimistic);
      String list = old == null ? "" : text(old) + ",";
      transaction.put(key, bytes(list + append.element()));
      return Seen.NOTHING;
    } else if (step instanceof Step.ReadList reading) {
      return new Seen.Elements(elements(read(transaction, key, reading.locking())));
    } else if (step instanceof Step.WriteRegister writing) {
      transaction.put(key, bytes(Long.toString(writing.value())));
      return Seen.NOTHING;
    } else if (step instanceof Step.ReadRegister reading) {
      return register(read(transaction, key, reading.locking()));
    }
    byte[] old = read(transaction, key, pessimistic);
    long next = old == null ? 1 : Long.parseLong(text(old)) + 1;
    transaction.put(key, bytes(Long.toString(next)));
    return new Seen.Register(next);
  }

  /** Own writes first; a locking read sees the newest data. */
  private static byte[] read(Transaction transaction, byte[] key, boolean locking) {
    if (locking) {
      transaction.lock(List.of(Key.wrap(key)), LockOptions.VALUES);
    }
    return transaction.get(key);
  }

  private static Seen register(byte[] value) {
    return new Seen.Register(value == null ? null : Long.parseLong(text(value)));
  }

  private static List<Long> elements(byte[] value) {
    if (value == null) {
      return List.of();
    }
    return java.util.Arrays.stream(text(value).split(","))
        .map(Long::parseLong)
        .collect(Collectors.toList());
  }
}

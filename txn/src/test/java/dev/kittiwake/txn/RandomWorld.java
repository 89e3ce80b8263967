package dev.kittiwake.txn;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.CommandContext;
import dev.kittiwake.txn.command.Outcome;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.wait.InMemoryLocks;
import dev.kittiwake.txn.wait.Latches;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A store, a clock and a few clients, all moved step by step by one random sequence. Decided writes
 * are applied some steps later, under latches; clients may die between any two steps, and whoever
 * meets their locks resolves them.
 */
final class RandomWorld {
  /** What must have happened at least once in a whole test. */
  enum Kind {
    COMMITTED_TWO_PHASES,
    COMMITTED_ASYNC,
    COMMITTED_ONE_PHASE,
    PESSIMISTIC,
    CONFLICT,
    DIED,
    RESOLVED_COMMIT,
    RESOLVED_ROLLBACK,
    READ_BLOCKED,
    READ_BLOCKED_IN_FLIGHT
  }

  /** A command on its way through the store. */
  private final class Request {
    final Command<?> command;
    final Consumer<Object> done; // gets the reply, or the TxnRejected
    Latches.Latch<Request> latch;
    Outcome.Replicate<?> decided;

    Request(Command<?> command, Consumer<Object> done) {
      this.command = command;
      this.done = done;
    }
  }

  static final List<Key> KEYS = List.of(Key.of("a"), Key.of("b"), Key.of("c"), Key.of("d"));

  final Random random;
  final MemoryStore store = new MemoryStore();
  final InMemoryLocks memory = new InMemoryLocks();
  final List<RandomClient> clients = new ArrayList<>();
  private final Latches<Request> latches = new Latches<>(4);
  private final List<Request> runnable = new ArrayList<>();
  private final List<Request> replicating = new ArrayList<>();
  private final StringBuilder trace = new StringBuilder();
  private final int[] seen = new int[Kind.values().length];
  private long millis = 1_000;
  private long logical;

  RandomWorld(Random random) {
    this.random = random;
  }

  void run() {
    int count = 3 + random.nextInt(6);
    for (int step = 0; step < 4_000; step++) {
      if (clients.size() < count && random.nextInt(4) == 0) {
        clients.add(new RandomClient(this, clients.size()));
      }
      if (!step()) {
        if (clients.size() == count) {
          break;
        }
      }
    }
    finishAll();
    new RandomJudge(this).judge();
  }

  /** One step of somebody; false if there is nothing to do. */
  private boolean step() {
    List<Runnable> choices = new ArrayList<>();
    clients.stream().filter(RandomClient::canStep).forEach(c -> choices.add(c::step));
    if (!runnable.isEmpty()) {
      choices.add(this::execute);
    }
    if (!replicating.isEmpty()) {
      choices.add(this::apply);
    }
    if (choices.isEmpty()) {
      return false;
    }
    choices.get(random.nextInt(choices.size())).run();
    return true;
  }

  /** Lets every client end, then a last reader resolve what the dead have left. */
  private void finishAll() {
    RandomClient last = null;
    for (int step = 0; step < 20_000; step++) {
      if (!step()) {
        if (last != null) {
          return;
        }
        millis += 100_000; // every life is over
        last = RandomClient.readerOfAll(this, clients.size());
        clients.add(last);
      }
    }
    throw new AssertionError("not at rest after 20000 steps");
  }

  /** A timestamp as the placement driver gives it: never the same twice. */
  long timestamp() {
    if (random.nextInt(4) == 0) {
      millis += 1 + random.nextInt(40);
      logical = 0;
    }
    return Timestamp.of(millis, ++logical);
  }

  void submit(Command<?> command, Consumer<Object> done) {
    Request request = new Request(command, done);
    request.latch = latches.latch(command.latchKeys(), request);
    if (latches.acquire(request.latch)) {
      runnable.add(request);
    }
  }

  private void execute() {
    Request request = runnable.remove(random.nextInt(runnable.size()));
    try {
      CommandContext context = new CommandContext(memory, true);
      request.command.beforeSnapshot(context);
      Outcome<?> outcome = request.command.execute(store.snapshot(), context);
      if (outcome instanceof Outcome.Replicate<?> replicate) {
        request.decided = replicate;
        replicating.add(request);
      } else if (outcome instanceof Outcome.Answer<?> answer) {
        finish(request, answer.reply());
      } else if (outcome instanceof Outcome.WaitFor<?> wait) {
        finish(request, wait);
      } else {
        release(request);
        submit(((Outcome.Continue<?>) outcome).next(), request.done);
      }
    } catch (TxnRejected rejected) {
      finish(request, rejected);
    }
  }

  private void apply() {
    Request request = replicating.remove(random.nextInt(replicating.size()));
    store.apply(request.decided.writes());
    request.decided.hold().close();
    if (request.decided.next() == null) {
      finish(request, request.decided.reply());
    } else {
      release(request);
      submit(request.decided.next(), request.done);
    }
  }

  private void finish(Request request, Object reply) {
    release(request);
    request.done.accept(reply);
  }

  private void release(Request request) {
    latches.release(request.latch).forEach(latch -> runnable.add(latch.owner()));
  }

  void happened(Kind kind) {
    seen[kind.ordinal()]++;
  }

  void countInto(int[] counts) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += seen[i];
    }
  }

  void note(String text) {
    trace.append(text).append('\n');
  }

  String trace() {
    return trace.toString();
  }
}

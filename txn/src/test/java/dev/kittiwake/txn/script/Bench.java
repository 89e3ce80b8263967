package dev.kittiwake.txn.script;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.MemoryStore;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.CommandContext;
import dev.kittiwake.txn.command.Outcome;
import dev.kittiwake.txn.command.ReleasedLock;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.wait.InMemoryLocks;
import java.util.ArrayList;
import java.util.List;

/** Runs commands on a store as a scheduler would, one at a time, following continuations. */
final class Bench {
  final MemoryStore store = new MemoryStore();
  final InMemoryLocks memory = new InMemoryLocks();
  boolean maxTsSynced = true;
  final List<ReleasedLock> released = new ArrayList<>();
  Outcome.Replicate<?> held; // decided, not yet applied

  /** What came of a command: its reply, or the lock it waits for. */
  record Ended(Object reply, LockedKey waitsFor) {}

  Ended run(Command<?> command) {
    return run(command, false);
  }

  /** With {@code hold}, a write is kept back until {@link #applyHeld}. */
  Ended run(Command<?> command, boolean hold) {
    Command<?> next = command;
    while (true) {
      // Whoever latches a key needs it to be known which.
      List<Key> latches = next.latchKeys();
      assert latches != null;
      CommandContext context = new CommandContext(memory, maxTsSynced);
      next.beforeSnapshot(context);
      Outcome<?> outcome = next.execute(store.snapshot(), context);
      if (outcome instanceof Outcome.Answer<?> answer) {
        return new Ended(answer.reply(), null);
      }
      if (outcome instanceof Outcome.WaitFor<?> wait) {
        return new Ended(null, wait.locked());
      }
      if (outcome instanceof Outcome.Continue<?> goOn) {
        next = goOn.next();
        continue;
      }
      Outcome.Replicate<?> replicate = (Outcome.Replicate<?>) outcome;
      if (hold) {
        held = replicate;
        return new Ended(replicate.reply(), null);
      }
      apply(replicate);
      if (replicate.next() == null) {
        return new Ended(replicate.reply(), null);
      }
      next = replicate.next();
    }
  }

  void applyHeld() {
    apply(held);
    held = null;
  }

  private void apply(Outcome.Replicate<?> replicate) {
    store.apply(replicate.writes());
    replicate.hold().close();
    released.addAll(replicate.released());
  }
}

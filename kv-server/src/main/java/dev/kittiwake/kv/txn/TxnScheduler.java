package dev.kittiwake.kv.txn;

import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.errorpb.MaxTimestampNotSynced;
import dev.kittiwake.proto.errorpb.ServerIsBusy;
import dev.kittiwake.proto.errorpb.StaleCommand;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.APIVersion;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.CommandContext;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.MutationType;
import dev.kittiwake.txn.command.Outcome;
import dev.kittiwake.txn.command.PessimisticLock;
import dev.kittiwake.txn.command.Prewrite;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.wait.InMemoryLocks;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Runs commands: latches → snapshot → execute → replicate → wake waiters → answer. It does not know
 * what a command does. Thread-safe; nothing here blocks.
 */
public final class TxnScheduler {
  private final RegionAccess access;
  private final KeyLatches latches;
  private final LockWaiters waiters;
  private final InMemoryLocks memory;
  private final MaxTsSync maxTs;
  private final UnreplicatedLocks unreplicated;
  private final long defaultWaitMillis;

  /**
   * @param defaultWaitMillis how long a command waits for a lock if it does not say, and at most
   */
  public TxnScheduler(
      RegionAccess access,
      KeyLatches latches,
      LockWaiters waiters,
      InMemoryLocks memory,
      MaxTsSync maxTs,
      UnreplicatedLocks unreplicated,
      long defaultWaitMillis) {
    this.access = access;
    this.latches = latches;
    this.waiters = waiters;
    this.memory = memory;
    this.maxTs = maxTs;
    this.unreplicated = unreplicated;
    this.defaultWaitMillis = defaultWaitMillis;
  }

  /**
   * Runs {@code command} on the region of {@code context}.
   *
   * @param storedKeys the stored keys that must lie in the region
   */
  public <R> CompletableFuture<TxnAnswer<R>> run(
      Context context, List<Key> storedKeys, Command<R> command) {
    return runWith(context, storedKeys, view -> command);
  }

  /** As {@link #run}, for commands that need to know the region's range. */
  public <R> CompletableFuture<TxnAnswer<R>> runWith(
      Context context, List<Key> storedKeys, Function<RegionView, Command<R>> command) {
    if (context.getApiVersion() != APIVersion.V1) {
      return CompletableFuture.completedFuture(new TxnAnswer.Rejected<>(otherVersion(context)));
    }
    Admission admission = access.admit(context, storedKeys, true);
    if (!(admission instanceof Admission.Admitted)) {
      return RegionReads.refuse(admission, TxnAnswer.Refused::new);
    }
    Command<R> wanted = command.apply(((Admission.Admitted) admission).view());
    Error refusal = grows(wanted) ? access.writeGate().refusal(context) : null;
    if (refusal != null) {
      return CompletableFuture.completedFuture(new TxnAnswer.Refused<>(refusal));
    }
    return proceed(context, storedKeys, wanted);
  }

  /** Whether it adds values. What ends transactions, or deletes, is always let through. */
  private static boolean grows(Command<?> command) {
    return command instanceof Prewrite prewrite
        && prewrite.mutations().stream()
            .anyMatch(
                mutation ->
                    mutation.type() == MutationType.PUT || mutation.type() == MutationType.INSERT);
  }

  private <R> CompletableFuture<TxnAnswer<R>> proceed(
      Context context, List<Key> storedKeys, Command<R> command) {
    return latches
        .holding(command.latchKeys(), () -> latched(context, storedKeys, command))
        .thenCompose(step -> step.go(this, context, storedKeys, command));
  }

  /** What a command did while it held its latches, and what comes after they are free. */
  private interface Step<R> {
    CompletableFuture<TxnAnswer<R>> go(
        TxnScheduler scheduler, Context context, List<Key> storedKeys, Command<R> command);
  }

  private record Finished<R>(TxnAnswer<R> answer) implements Step<R> {
    @Override
    public CompletableFuture<TxnAnswer<R>> go(
        TxnScheduler scheduler, Context context, List<Key> storedKeys, Command<R> command) {
      return CompletableFuture.completedFuture(answer);
    }
  }

  private record GoOn<R>(Command<R> next) implements Step<R> {
    @Override
    public CompletableFuture<TxnAnswer<R>> go(
        TxnScheduler scheduler, Context context, List<Key> storedKeys, Command<R> command) {
      return scheduler.proceed(context, storedKeys, next);
    }
  }

  private record Parked<R>(LockedKey locked, CompletableFuture<LockWaiters.Ended> ended)
      implements Step<R> {
    @Override
    public CompletableFuture<TxnAnswer<R>> go(
        TxnScheduler scheduler, Context context, List<Key> storedKeys, Command<R> command) {
      return ended.thenCompose(
          end -> {
            if (end.deadlock() != null) {
              return answer(new TxnAnswer.Rejected<>(end.deadlock()));
            }
            if (end.wake() == LockWaiters.Wake.TIMED_OUT) {
              return answer(
                  new TxnAnswer.Rejected<>(new KeyError.Locked(locked, end.waitedMillis())));
            }
            return scheduler.proceed(context, storedKeys, command);
          });
    }

    private CompletableFuture<TxnAnswer<R>> answer(TxnAnswer<R> answer) {
      return CompletableFuture.completedFuture(answer);
    }
  }

  private <R> CompletableFuture<Step<R>> latched(
      Context context, List<Key> storedKeys, Command<R> command) {
    // Again, as the latches may have taken long: the region may have moved or been split meanwhile.
    Admission admission = access.admit(context, storedKeys, true);
    if (!(admission instanceof Admission.Admitted)) {
      return RegionReads.refuse(admission, error -> new Finished<>(new TxnAnswer.Refused<>(error)));
    }
    RegionView view = ((Admission.Admitted) admission).view();
    boolean synced = maxTs.isSynced(view);
    if (command.needsSyncedMaxTs() && !synced) {
      return finished(new TxnAnswer.Refused<>(notSynced(view)));
    }
    CommandContext commandContext = new CommandContext(memory, synced);
    try {
      command.beforeSnapshot(commandContext);
    } catch (TxnRejected rejected) {
      return finished(new TxnAnswer.Rejected<>(rejected.reason()));
    }
    return access.read(view).thenCompose(result -> execute(view, result, command, commandContext));
  }

  private <R> CompletableFuture<Step<R>> execute(
      RegionView view, ReadResult result, Command<R> command, CommandContext context) {
    if (result instanceof ReadResult.Refused) {
      return finished(new TxnAnswer.Refused<>(((ReadResult.Refused) result).error()));
    }
    Outcome<R> outcome;
    UnreplicatedLocks.Plan plan = null;
    try (RegionSnapshot snapshot = ((ReadResult.Readable) result).snapshot()) {
      CollectedTooFar.check(command, access.gcSafePoint());
      outcome = command.execute(new SnapshotView(snapshot, view, unreplicated), context);
      if (outcome instanceof Outcome.Replicate) {
        plan = unreplicated.plan(view, ((Outcome.Replicate<R>) outcome).writes(), snapshot);
      }
    } catch (TxnRejected rejected) {
      return finished(new TxnAnswer.Rejected<>(rejected.reason()));
    }
    if (outcome instanceof Outcome.Answer) {
      return finished(new TxnAnswer.Done<>(((Outcome.Answer<R>) outcome).reply()));
    }
    if (outcome instanceof Outcome.Replicate) {
      return replicate(view, command, (Outcome.Replicate<R>) outcome, plan);
    }
    if (outcome instanceof Outcome.Continue) {
      return CompletableFuture.completedFuture(new GoOn<>(((Outcome.Continue<R>) outcome).next()));
    }
    return park((PessimisticLock) command, ((Outcome.WaitFor<R>) outcome).locked());
  }

  private <R> CompletableFuture<Step<R>> replicate(
      RegionView view,
      Command<R> command,
      Outcome.Replicate<R> outcome,
      UnreplicatedLocks.Plan plan) {
    if (plan.replicated().isEmpty()) {
      return CompletableFuture.completedFuture(written(view, command, outcome, plan));
    }
    return access
        .write(view, plan.replicated())
        .handle(
            (error, failure) -> {
              if (error == null && failure == null) {
                return written(view, command, outcome, plan);
              }
              outcome.hold().close();
              if (failure != null) {
                throw new IllegalStateException(
                    "replication failed without a region error", failure);
              }
              return new Finished<>(new TxnAnswer.Refused<>(error));
            });
  }

  /** What comes after a command's writes are applied, while its latches are still held. */
  private <R> Step<R> written(
      RegionView view,
      Command<R> command,
      Outcome.Replicate<R> outcome,
      UnreplicatedLocks.Plan plan) {
    boolean done = plan.carryOut();
    outcome.hold().close();
    if (done && command instanceof PessimisticLock lock) {
      lock.targets().forEach(target -> waiters.granted(target.key(), lock.txn().startTs()));
    }
    waiters.released(outcome.released());
    if (!done) {
      return new Finished<>(new TxnAnswer.Refused<>(changedMeanwhile(view)));
    }
    return outcome.next() != null
        ? new GoOn<>(outcome.next())
        : new Finished<>(new TxnAnswer.Done<>(outcome.reply()));
  }

  private <R> CompletableFuture<Step<R>> park(PessimisticLock command, LockedKey locked) {
    if (command.waitTimeoutMillis() < 0) {
      return finished(new TxnAnswer.Rejected<>(new KeyError.Locked(locked)));
    }
    long wait =
        command.waitTimeoutMillis() == 0
            ? defaultWaitMillis
            : Math.min(command.waitTimeoutMillis(), defaultWaitMillis);
    CompletableFuture<LockWaiters.Ended> ended =
        waiters.park(command.txn().startTs(), locked, command.isFirstLock(), wait);
    return ended == null
        ? finished(new TxnAnswer.Refused<>(tooManyWaiters()))
        : CompletableFuture.completedFuture(new Parked<>(locked, ended));
  }

  private static <R> CompletableFuture<Step<R>> finished(TxnAnswer<R> answer) {
    return CompletableFuture.completedFuture(new Finished<>(answer));
  }

  /** What a client of another API version is told, whose keys would mean something else here. */
  public static KeyError otherVersion(Context context) {
    return new KeyError.Invalid(
        "Api version in request does not match with TiKV storage, request "
            + context.getApiVersion()
            + ", storage V1");
  }

  private static Error changedMeanwhile(RegionView view) {
    return Error.newBuilder()
        .setMessage("region " + view.regionId() + " has changed while the keys were being locked")
        .setStaleCommand(StaleCommand.getDefaultInstance())
        .build();
  }

  private static Error notSynced(RegionView view) {
    return Error.newBuilder()
        .setMessage(
            "region "
                + view.regionId()
                + " has not fetched a timestamp in term "
                + view.term()
                + " yet")
        .setMaxTimestampNotSynced(MaxTimestampNotSynced.getDefaultInstance())
        .build();
  }

  private static Error tooManyWaiters() {
    String reason = "too many transactions wait for locks";
    return Error.newBuilder()
        .setMessage(reason)
        .setServerIsBusy(ServerIsBusy.newBuilder().setReason(reason).setBackoffMs(100))
        .build();
  }
}

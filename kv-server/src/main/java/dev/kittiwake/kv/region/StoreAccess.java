package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.kvrpcpb.ReadIndexRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The callers' side of a store: checks and lease reads on their own threads, the rest to the loop.
 */
final class StoreAccess implements RegionAccess {
  private final StoreContext context;
  private final RegionGuard guard;
  private final Replicas replicas;
  private final Resolving resolving; // loop only
  private final StaleReads stale;

  StoreAccess(StoreContext context, RegionGuard guard, Replicas replicas, Resolving resolving) {
    this.resolving = resolving;
    this.stale = new StaleReads(resolving.times());
    this.context = context;
    this.guard = guard;
    this.replicas = replicas;
  }

  @Override
  public long storeId() {
    return context.storeId();
  }

  @Override
  public Engine engine() {
    return context.engine();
  }

  @Override
  public Admission admit(Context request, List<Key> storedKeys, boolean write) {
    Admission admission = guard.admit(request, storedKeys, write);
    if (admission instanceof Admission.Admitted) {
      RegionReplica replica = replicas.find(request.getRegionId());
      if (replica != null) {
        replica.load().onRequest(storedKeys);
      }
    }
    return admission;
  }

  @Override
  public Admission admit(Context request, KeyRange storedKeys, boolean write) {
    Admission admission = guard.admit(request, storedKeys, write);
    if (admission instanceof Admission.Admitted) {
      RegionReplica replica = replicas.find(request.getRegionId());
      if (replica != null) {
        replica.load().onRequest(storedKeys);
      }
    }
    return admission;
  }

  @Override
  public CompletableFuture<ReadResult> read(RegionView view) {
    return read(view, null);
  }

  @Override
  public CompletableFuture<ReadResult> read(RegionView view, ReadIndexRequest claim) {
    RegionReplica replica = replicas.find(view.regionId());
    if (replica == null) {
      return CompletableFuture.completedFuture(
          new ReadResult.Refused(RegionErrors.regionNotFound(view.regionId())));
    }
    if (replica.lease().likely(view.term())) {
      EngineSnapshot snapshot = context.engine().snapshot();
      if (isCurrent(replica, view)) {
        return CompletableFuture.completedFuture(
            new ReadResult.Readable(new RegionSnapshot(snapshot, view)));
      }
      snapshot.close();
    }
    CompletableFuture<ReadResult> answer = new CompletableFuture<>();
    boolean taken =
        context
            .loop()
            .offer(
                () -> replica.run(() -> read(replica, view, claim, answer)),
                context.settings().maxQueuedRequests());
    if (!taken) {
      answer.complete(new ReadResult.Refused(RegionErrors.busy("too many requests wait")));
    }
    return answer;
  }

  @Override
  public ReadResult staleRead(RegionView view, long ts) {
    return stale.read(context, view, ts);
  }

  @Override
  public CompletableFuture<Long> resolve(long ts) {
    return onLoop(
        () -> {
          resolving.round(ts);
          return resolving.leastPromised(ts);
        });
  }

  @Override
  public CompletableFuture<HashVerdict> verify(long regionId) {
    return onLoop(
            () -> {
              RegionReplica replica = replicas.find(regionId);
              CompletableFuture<HashVerdict> verdict = new CompletableFuture<>();
              if (replica == null) {
                verdict.complete(HashVerdict.notDone(regionId));
              } else {
                replica.run(() -> replica.hashCheck().start().thenAccept(verdict::complete));
              }
              return verdict;
            })
        .thenCompose(verdict -> verdict);
  }

  @Override
  public Set<Long> damagedRegions() {
    return context.quarantine().all();
  }

  @Override
  public CompletableFuture<Long> safeTs(KeyRange storedKeys) {
    return onLoop(() -> resolving.safeFor(storedKeys));
  }

  /** Asks the loop; fails if it takes no more work. */
  private <T> CompletableFuture<T> onLoop(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    boolean taken =
        context
            .loop()
            .offer(
                () -> {
                  try {
                    answer.complete(question.get());
                  } catch (RuntimeException failure) {
                    answer.completeExceptionally(failure);
                    throw failure;
                  }
                },
                context.settings().maxQueuedRequests());
    if (!taken) {
      answer.completeExceptionally(
          new IllegalStateException(
              context.loop().isStopped() ? "the store has stopped" : "too many requests wait"));
    }
    return answer;
  }

  private static void read(
      RegionReplica replica,
      RegionView view,
      ReadIndexRequest claim,
      CompletableFuture<ReadResult> answer) {
    if (replica.isDestroyed()) {
      answer.complete(new ReadResult.Refused(RegionErrors.regionNotFound(view.regionId())));
    } else {
      replica.read(view, claim, answer);
    }
  }

  @Override
  public <T> T leaseRead(RegionView view, Function<RegionReader, T> reads) {
    RegionReplica replica = replicas.find(view.regionId());
    if (replica == null || !replica.lease().likely(view.term())) {
      return null;
    }
    T result = reads.apply(this::newest);
    return isCurrent(replica, view) ? result : null;
  }

  private byte[] newest(Family family, Key storedKey) {
    return context.engine().get(family, EngineKeys.data(storedKey));
  }

  /**
   * Whether data that was taken before this call is current and of the region as the view knows it.
   * The clock is read before the lease: a pause in between can only lead to a refusal.
   */
  private boolean isCurrent(RegionReplica replica, RegionView view) {
    long now = context.nanos();
    return replica.lease().covers(view.term(), now)
        && replica.face().version() == view.version()
        && !context.quarantine().holds(view.regionId())
        && !context.isHalted();
  }

  @Override
  public CompletableFuture<Error> write(RegionView view, RegionWrite write) {
    RegionReplica replica = replicas.find(view.regionId());
    if (replica == null) {
      return CompletableFuture.completedFuture(RegionErrors.regionNotFound(view.regionId()));
    }
    CompletableFuture<Error> answer = new CompletableFuture<>();
    boolean taken =
        context
            .loop()
            .offer(
                () -> replica.run(() -> replica.write(view, write, answer)),
                context.settings().maxQueuedRequests());
    return taken
        ? answer
        : CompletableFuture.completedFuture(RegionErrors.busy("too many requests wait"));
  }

  @Override
  public CompletableFuture<SplitResult> split(RegionView view, List<Key> storedSplitKeys) {
    RegionReplica replica = replicas.find(view.regionId());
    if (replica == null) {
      return CompletableFuture.completedFuture(
          new SplitResult.Refused(RegionErrors.regionNotFound(view.regionId())));
    }
    CompletableFuture<SplitResult> answer = new CompletableFuture<>();
    boolean taken =
        context
            .loop()
            .offer(
                () ->
                    replica.run(
                        () ->
                            Split.start(replica, view, storedSplitKeys)
                                .thenAccept(answer::complete)),
                context.settings().maxQueuedRequests());
    return taken
        ? answer
        : CompletableFuture.completedFuture(
            new SplitResult.Refused(RegionErrors.busy("too many requests wait")));
  }

  @Override
  public List<RegionView> regions() {
    List<RegionView> views = new ArrayList<>();
    replicas.inKeyOrder().forEach(replica -> views.add(replica.face().view()));
    return views;
  }

  @Override
  public int restingRegions() {
    return replicas.resting();
  }

  @Override
  public long writtenKeys(long regionId) {
    RegionReplica replica = replicas.find(regionId);
    return replica == null ? 0 : replica.applier().writtenKeys();
  }

  @Override
  public void sizeIsUnknown(long regionId) {
    RegionReplica replica = replicas.find(regionId);
    if (replica != null) {
      replica.size().unknown();
    }
  }

  @Override
  public void collectBelow(long safePoint) {
    context.collected().upTo(safePoint);
  }

  @Override
  public CollectGarbage collect(KeyRange storedKeys, long safePoint) {
    return new CollectGarbage(context.engine(), context.dataTurns(), storedKeys, safePoint);
  }

  @Override
  public long gcSafePoint() {
    return context.collected().safePoint();
  }

  @Override
  public WriteGate writeGate() {
    return context.writeGate();
  }

  @Override
  public int slowScore() {
    return context.slowScore();
  }

  @Override
  public CompletableFuture<List<RegionProgress>> progress() {
    return onLoop(() -> replicas.all().stream().map(RegionReplica::progress).toList());
  }

  @Override
  public void addGate(MergeGate gate) {
    context.gates().add(gate);
  }

  @Override
  public void guardReads(ReadGuard guard) {
    context.guardReads(guard);
  }

  @Override
  public void addListener(RegionListener listener) {
    context.listeners().add(listener);
  }
}

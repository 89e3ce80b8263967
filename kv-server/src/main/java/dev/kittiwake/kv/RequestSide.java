package dev.kittiwake.kv;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.kv.api.HealthFeedbackSource;
import dev.kittiwake.kv.api.KvApi;
import dev.kittiwake.kv.api.TikvGrpcService;
import dev.kittiwake.kv.api.cluster.ClusterService;
import dev.kittiwake.kv.api.cluster.StoreControlService;
import dev.kittiwake.kv.api.txn.ReplicaReadGuard;
import dev.kittiwake.kv.api.txn.TxnService;
import dev.kittiwake.kv.deadlock.DeadlockClient;
import dev.kittiwake.kv.deadlock.DeadlockGrpcService;
import dev.kittiwake.kv.deadlock.DeadlockTransport;
import dev.kittiwake.kv.deadlock.Detector;
import dev.kittiwake.kv.raw.RawService;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.txn.KeyLatches;
import dev.kittiwake.kv.txn.LockWaiters;
import dev.kittiwake.kv.txn.LocksBeforeMerge;
import dev.kittiwake.kv.txn.MaxTsSync;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.kv.txn.UnreplicatedLocks;
import dev.kittiwake.kv.txn.WaitersByRegion;
import dev.kittiwake.proto.kvrpcpb.HealthFeedback;
import dev.kittiwake.txn.wait.InMemoryLocks;
import io.grpc.BindableService;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Everything between the edge of a store and its regions, wired together: transactions, raw
 * operations, reads, deadlock detection.
 */
public final class RequestSide {
  private static final int LATCH_SLOTS = 1 << 19;

  private final KvApi api;
  private final Detector detector;
  private final TikvGrpcService service;
  private final StoreControlService control;

  /**
   * What requests run on.
   *
   * @param timer ends waits; runs short tasks only
   * @param replies see {@link TikvGrpcService}
   * @param continuations where commands go on that had to wait for latches or locks
   * @param scans where reads of many keys run
   * @param nanos elapsed time
   */
  public record Runtime(
      ScheduledExecutorService timer,
      Executor replies,
      Executor continuations,
      Executor scans,
      LongSupplier nanos) {}

  /**
   * Limits of waiting.
   *
   * @param lockWaitMillis how long a request waits for a lock if it does not say, and at most
   * @param wakeDelayMillis how long the waiters of a lock that are not the first are left waiting
   *     after its release
   * @param maxLockWaiters how many requests may wait for locks at once
   * @param maxUnreplicatedLocks how many pessimistic locks may live in the leader's memory only; 0
   *     = all are replicated
   */
  public record Limits(
      long lockWaitMillis, long wakeDelayMillis, int maxLockWaiters, int maxUnreplicatedLocks) {
    public static final Limits DEFAULT = new Limits(1_000, 20, 10_000, 200_000);
  }

  public RequestSide(
      RegionAccess access,
      PdClient pd,
      DeadlockTransport deadlockTransport,
      Runtime runtime,
      Limits limits) {
    // Edges outlive the longest wait, so that no live wait is forgotten.
    this.detector = new Detector(2 * limits.lockWaitMillis() + 1_000, runtime.nanos());
    DeadlockClient deadlocks = new DeadlockClient(detector, pd, deadlockTransport);
    LockWaiters waiters =
        new LockWaiters(
            deadlocks,
            runtime.timer(),
            runtime.continuations(),
            runtime.nanos(),
            limits.wakeDelayMillis(),
            limits.maxLockWaiters());
    InMemoryLocks memory = new InMemoryLocks();
    MaxTsSync maxTs = new MaxTsSync(pd::timestamp, memory, runtime.timer());
    UnreplicatedLocks unreplicated = new UnreplicatedLocks(limits.maxUnreplicatedLocks());
    KeyLatches latches = new KeyLatches(LATCH_SLOTS, runtime.continuations());
    TxnScheduler scheduler =
        new TxnScheduler(
            access, latches, waiters, memory, maxTs, unreplicated, limits.lockWaitMillis());
    RegionReads reads = new RegionReads(access, runtime.scans());
    HealthFeedbackSource health = health(access);
    KvApi.Builder calls = KvApi.builder();
    RawService.register(calls, access, reads, new KeyLatches(LATCH_SLOTS, runtime.continuations()));
    TxnService.register(calls, scheduler, reads, memory);
    ClusterService.register(calls, access, waiters, health, runtime.scans());
    this.api = calls.build();
    this.service = new TikvGrpcService(api, health, runtime.replies());
    this.control = new StoreControlService(access);
    access.addGate(new LocksBeforeMerge(access, unreplicated, latches));
    access.guardReads(new ReplicaReadGuard(memory));
    access.addListener(maxTs);
    access.addListener(unreplicated);
    access.addListener(detector);
    access.addListener(new WaitersByRegion(waiters));
  }

  /** The store's service, for callers in this JVM. */
  public KvApi api() {
    return api;
  }

  /** This store's deadlock detector, for the other stores of this JVM. */
  public Detector detector() {
    return detector;
  }

  /** What the store's gRPC server serves of it. */
  public List<BindableService> services() {
    return List.of(service, new DeadlockGrpcService(detector), control);
  }

  private static HealthFeedbackSource health(RegionAccess access) {
    AtomicLong sequence = new AtomicLong();
    return () ->
        HealthFeedback.newBuilder()
            .setStoreId(access.storeId())
            .setFeedbackSeqNo(sequence.incrementAndGet())
            .setSlowScore(access.slowScore())
            .build();
  }
}

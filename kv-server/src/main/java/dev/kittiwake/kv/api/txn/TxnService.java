package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvApi;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.txn.wait.InMemoryLocks;

/** The transactional API's calls, put together. */
public final class TxnService {
  private TxnService() {}

  /** Adds the handlers of all transactional calls to {@code api}. */
  public static void register(
      KvApi.Builder api, TxnScheduler scheduler, RegionReads reads, InMemoryLocks memory) {
    SnapshotReads snapshots = new SnapshotReads(reads, memory);
    api.on(KvMethod.KV_GET, new GetCall(snapshots));
    api.on(KvMethod.KV_BATCH_GET, new BatchGetCall(snapshots));
    api.on(KvMethod.KV_SCAN, new ScanCall(snapshots));
    api.on(KvMethod.KV_PREWRITE, new PrewriteCall(scheduler));
    api.on(KvMethod.KV_COMMIT, new CommitCall(scheduler));
    api.on(KvMethod.KV_BATCH_ROLLBACK, new BatchRollbackCall(scheduler));
    api.on(KvMethod.KV_CLEANUP, new CleanupCall(scheduler));
    api.on(KvMethod.KV_PESSIMISTIC_LOCK, new PessimisticLockCall(scheduler));
    api.on(KvMethod.KV_PESSIMISTIC_ROLLBACK, new PessimisticRollbackCall(scheduler));
    api.on(KvMethod.KV_TXN_HEART_BEAT, new TxnHeartBeatCall(scheduler));
    api.on(KvMethod.KV_CHECK_TXN_STATUS, new CheckTxnStatusCall(scheduler));
    api.on(KvMethod.KV_CHECK_SECONDARY_LOCKS, new CheckSecondaryLocksCall(scheduler));
    api.on(KvMethod.KV_RESOLVE_LOCK, new ResolveLockCall(scheduler));
    api.on(KvMethod.KV_SCAN_LOCK, new ScanLockCall(scheduler));
    api.on(KvMethod.MVCC_GET_BY_KEY, new MvccGetByKeyCall(scheduler));
    api.on(KvMethod.MVCC_GET_BY_START_TS, new MvccGetByStartTsCall(scheduler));
  }
}

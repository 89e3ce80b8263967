package dev.kittiwake.client.fake;

import static dev.kittiwake.client.fake.FakeMessages.bytes;
import static dev.kittiwake.client.fake.FakeMessages.error;
import static dev.kittiwake.client.fake.FakeMessages.key;
import static dev.kittiwake.client.fake.FakeMessages.keys;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.errorpb.EpochNotMatch;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.errorpb.NotLeader;
import dev.kittiwake.proto.errorpb.RegionNotFound;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.*;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.txn.command.CheckSecondaryLocks;
import dev.kittiwake.txn.command.CheckTxnStatus;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.CommandContext;
import dev.kittiwake.txn.command.Commit;
import dev.kittiwake.txn.command.LockTarget;
import dev.kittiwake.txn.command.Outcome;
import dev.kittiwake.txn.command.PessimisticLock;
import dev.kittiwake.txn.command.PessimisticRollback;
import dev.kittiwake.txn.command.ResolveLocks;
import dev.kittiwake.txn.command.ResolveRegion;
import dev.kittiwake.txn.command.Rollback;
import dev.kittiwake.txn.command.TxnHeader;
import dev.kittiwake.txn.command.TxnHeartBeat;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.command.WakeUpMode;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.read.Found;
import dev.kittiwake.txn.read.PointReader;
import dev.kittiwake.txn.read.RangeReader;
import dev.kittiwake.txn.read.Row;
import dev.kittiwake.txn.wait.WaitEdge;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store of the {@link FakeCluster}: real commands on shared sorted maps, one request at a time.
 */
final class FakeStore implements KvEndpoint {
  private final FakeCluster cluster;
  private final long id;

  FakeStore(FakeCluster cluster, long id) {
    this.cluster = cluster;
    this.id = id;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request) {
    cluster.calls.add(method.name());
    CompletableFuture<?> instead = cluster.fault.before(id, method, request);
    if (instead != null) {
      return (CompletableFuture<R>) instead;
    }
    synchronized (cluster) {
      CompletableFuture<?> answer = dispatch(request);
      CompletableFuture<?> replaced = cluster.fault.after(id, method, request, answer);
      return (CompletableFuture<R>) replaced;
    }
  }

  private CompletableFuture<?> dispatch(Object request) {
    if (request instanceof PessimisticLockRequest lock) {
      return lock(lock);
    }
    return CompletableFuture.completedFuture(answer(request));
  }

  private Object answer(Object request) {
    if (request instanceof GetRequest get) {
      Error refused = admit(get.getContext());
      return refused != null ? GetResponse.newBuilder().setRegionError(refused).build() : get(get);
    } else if (request instanceof BatchGetRequest batch) {
      Error refused = admit(batch.getContext());
      return refused != null
          ? BatchGetResponse.newBuilder().setRegionError(refused).build()
          : batchGet(batch);
    } else if (request instanceof ScanRequest scan) {
      Error refused = admit(scan.getContext());
      return refused != null
          ? ScanResponse.newBuilder().setRegionError(refused).build()
          : scan(scan);
    } else if (request instanceof PrewriteRequest prewrite) {
      Error refused = admit(prewrite.getContext());
      return refused != null
          ? PrewriteResponse.newBuilder().setRegionError(refused).build()
          : run(
              () -> FakeMessages.prewrite(prewrite),
              done -> {
                var response =
                    PrewriteResponse.newBuilder()
                        .setMinCommitTs(done.minCommitTs())
                        .setOnePcCommitTs(done.onePhaseCommitTs());
                done.locked().forEach(locked -> response.addErrors(error(locked)));
                return response.build();
              },
              failed -> PrewriteResponse.newBuilder().addErrors(failed).build());
    } else if (request instanceof CommitRequest commit) {
      Error refused = admit(commit.getContext());
      return refused != null
          ? CommitResponse.newBuilder().setRegionError(refused).build()
          : run(
              () ->
                  new Commit(
                      keys(commit.getKeysList()),
                      commit.getStartVersion(),
                      commit.getCommitVersion()),
              done -> CommitResponse.newBuilder().setCommitVersion(done.commitTs()).build(),
              failed -> CommitResponse.newBuilder().setError(failed).build());
    }
    return answerRest(request);
  }

  private Object answerRest(Object request) {
    if (request instanceof BatchRollbackRequest rollback) {
      Error refused = admit(rollback.getContext());
      return refused != null
          ? BatchRollbackResponse.newBuilder().setRegionError(refused).build()
          : run(
              () -> new Rollback(keys(rollback.getKeysList()), rollback.getStartVersion()),
              done -> BatchRollbackResponse.getDefaultInstance(),
              failed -> BatchRollbackResponse.newBuilder().setError(failed).build());
    } else if (request instanceof PessimisticRollbackRequest rollback) {
      Error refused = admit(rollback.getContext());
      return refused != null
          ? PessimisticRollbackResponse.newBuilder().setRegionError(refused).build()
          : run(
              () ->
                  new PessimisticRollback(
                      keys(rollback.getKeysList()),
                      rollback.getStartVersion(),
                      rollback.getForUpdateTs()),
              done -> PessimisticRollbackResponse.getDefaultInstance(),
              failed -> PessimisticRollbackResponse.newBuilder().addErrors(failed).build());
    } else if (request instanceof TxnHeartBeatRequest beat) {
      Error refused = admit(beat.getContext());
      return refused != null
          ? TxnHeartBeatResponse.newBuilder().setRegionError(refused).build()
          : run(
              () ->
                  new TxnHeartBeat(
                      key(beat.getPrimaryLock()),
                      beat.getStartVersion(),
                      beat.getAdviseLockTtl(),
                      0),
              done -> TxnHeartBeatResponse.newBuilder().setLockTtl(done.ttlMillis()).build(),
              failed -> TxnHeartBeatResponse.newBuilder().setError(failed).build());
    } else if (request instanceof CheckTxnStatusRequest check) {
      Error refused = admit(check.getContext());
      return refused != null
          ? CheckTxnStatusResponse.newBuilder().setRegionError(refused).build()
          : check(check);
    } else if (request instanceof CheckSecondaryLocksRequest check) {
      Error refused = admit(check.getContext());
      return refused != null
          ? CheckSecondaryLocksResponse.newBuilder().setRegionError(refused).build()
          : run(
              () -> new CheckSecondaryLocks(keys(check.getKeysList()), check.getStartVersion()),
              done -> {
                var response =
                    CheckSecondaryLocksResponse.newBuilder().setCommitTs(done.commitTs());
                done.locks().forEach(lock -> response.addLocks(FakeMessages.lockInfo(lock)));
                return response.build();
              },
              failed -> CheckSecondaryLocksResponse.newBuilder().setError(failed).build());
    } else if (request instanceof ResolveLockRequest resolve) {
      Error refused = admit(resolve.getContext());
      return refused != null
          ? ResolveLockResponse.newBuilder().setRegionError(refused).build()
          : resolve(resolve);
    } else if (request instanceof SplitRegionRequest split) {
      Error refused = admit(split.getContext());
      if (refused != null) {
        return SplitRegionResponse.newBuilder().setRegionError(refused).build();
      }
      if (split.getSplitKeysList().isEmpty()) {
        Error empty = Error.newBuilder().setMessage("cannot split at the empty key").build();
        return SplitRegionResponse.newBuilder().setRegionError(empty).build();
      }
      for (ByteString at : split.getSplitKeysList()) {
        cluster.split(key(at).unsafeBytes());
      }
      return SplitRegionResponse.newBuilder().addAllRegions(cluster.regions()).build();
    }
    return FakeRaw.answer(cluster, request, admitRaw(request));
  }

  private Error admitRaw(Object request) {
    var message = (com.google.protobuf.Message) request;
    var field = message.getDescriptorForType().findFieldByName("context");
    return admit((Context) message.getField(field));
  }

  /** Epoch and leadership, as a store checks them. */
  private Error admit(Context context) {
    Region region = cluster.region(context.getRegionId());
    if (region == null) {
      return Error.newBuilder()
          .setRegionNotFound(RegionNotFound.newBuilder().setRegionId(context.getRegionId()))
          .build();
    }
    Peer leader = cluster.leader(region.getId());
    boolean anyReplica = context.getReplicaRead() || context.getStaleRead();
    if (leader.getStoreId() != id && !anyReplica) {
      NotLeader.Builder other = NotLeader.newBuilder().setRegionId(region.getId());
      if (cluster.tellLeaders) {
        other.setLeader(leader);
      }
      return Error.newBuilder().setNotLeader(other).build();
    }
    if (region.getRegionEpoch().getVersion() != context.getRegionEpoch().getVersion()) {
      return Error.newBuilder()
          .setEpochNotMatch(EpochNotMatch.newBuilder().addAllCurrentRegions(cluster.regions()))
          .build();
    }
    return null;
  }

  private Object get(GetRequest request) {
    var view = FakeMessages.view(request.getContext(), request.getVersion());
    LockedKey inFlight = cluster.memory.beforeRead(key(request.getKey()), view);
    if (inFlight != null) {
      throw new IllegalStateException("requests run one at a time");
    }
    try {
      Found found = new PointReader(cluster.data, view).get(key(request.getKey()));
      return found == null
          ? GetResponse.newBuilder().setNotFound(true).build()
          : GetResponse.newBuilder().setValue(ByteString.copyFrom(found.value())).build();
    } catch (TxnRejected rejected) {
      return GetResponse.newBuilder().setError(error(rejected.reason())).build();
    }
  }

  private Object batchGet(BatchGetRequest request) {
    var view = FakeMessages.view(request.getContext(), request.getVersion());
    List<Key> wanted = keys(request.getKeysList());
    wanted.forEach(each -> cluster.memory.beforeRead(each, view));
    var response = BatchGetResponse.newBuilder();
    for (Row row : new PointReader(cluster.data, view).batchGet(wanted)) {
      response.addPairs(pair(row));
    }
    return response.build();
  }

  private static KvPair pair(Row row) {
    KvPair.Builder pair = KvPair.newBuilder().setKey(bytes(row.key()));
    return row.error() != null
        ? pair.setError(error(row.error())).build()
        : pair.setValue(ByteString.copyFrom(row.value())).build();
  }

  private Object scan(ScanRequest request) {
    var view = FakeMessages.view(request.getContext(), request.getVersion());
    Key low = key(request.getReverse() ? request.getEndKey() : request.getStartKey());
    Key high = key(request.getReverse() ? request.getStartKey() : request.getEndKey());
    KeyRange range =
        new KeyRange(low, high)
            .intersection(cluster.userRange(cluster.region(request.getContext().getRegionId())));
    cluster.memory.beforeRead(range, view);
    var response = ScanResponse.newBuilder();
    if (!range.isEmpty()) {
      List<Row> rows =
          new RangeReader(cluster.data, view)
              .scan(
                  range,
                  request.getReverse() ? Direction.BACKWARD : Direction.FORWARD,
                  request.getLimit(),
                  request.getKeyOnly());
      rows.forEach(row -> response.addPairs(pair(row)));
    }
    return response.build();
  }

  private Object check(CheckTxnStatusRequest check) {
    return run(
        () ->
            new CheckTxnStatus(
                key(check.getPrimaryKey()),
                check.getLockTs(),
                check.getCallerStartTs(),
                check.getCurrentTs(),
                check.getRollbackIfNotExist(),
                check.getForceSyncCommit(),
                check.getResolvingPessimisticLock(),
                check.getVerifyIsPrimary()),
        done -> {
          var response =
              CheckTxnStatusResponse.newBuilder()
                  .setLockTtl(done.ttlMillis())
                  .setCommitVersion(done.commitTs())
                  .setActionValue(done.action().ordinal());
          if (done.locked() != null) {
            response.setLockInfo(FakeMessages.lockInfo(done.locked()));
          }
          return response.build();
        },
        failed -> CheckTxnStatusResponse.newBuilder().setError(failed).build());
  }

  private Object resolve(ResolveLockRequest resolve) {
    return run(
        () ->
            resolve.getKeysCount() > 0
                ? new ResolveLocks(
                    keys(resolve.getKeysList()),
                    resolve.getStartVersion(),
                    resolve.getCommitVersion())
                : ResolveRegion.of(
                    cluster.userRange(cluster.region(resolve.getContext().getRegionId())),
                    resolve.getStartVersion(),
                    resolve.getCommitVersion()),
        done -> ResolveLockResponse.getDefaultInstance(),
        failed -> ResolveLockResponse.newBuilder().setError(failed).build());
  }

  private <R> Object run(
      Supplier<Command<R>> command,
      Function<R, Object> done,
      Function<dev.kittiwake.proto.kvrpcpb.KeyError, Object> failed) {
    try {
      Outcome<R> outcome = execute(command.get());
      return done.apply(finish(outcome));
    } catch (TxnRejected rejected) {
      return failed.apply(error(rejected.reason()));
    }
  }

  private <R> Outcome<R> execute(Command<R> command) {
    CommandContext context = new CommandContext(cluster.memory, cluster.maxTsSynced);
    command.beforeSnapshot(context);
    return command.execute(cluster.data, context);
  }

  private <R> R finish(Outcome<R> outcome) {
    Outcome<R> at = outcome;
    while (true) {
      if (at instanceof Outcome.Answer<R> answer) {
        return answer.reply();
      } else if (at instanceof Outcome.Replicate<R> replicate) {
        cluster.data.apply(replicate.writes());
        replicate.hold().close();
        boolean released = !replicate.released().isEmpty();
        if (replicate.next() == null) {
          if (released) {
            cluster.wakeWaiters();
          }
          return replicate.reply();
        }
        at = execute(replicate.next());
      } else if (at instanceof Outcome.Continue<R> more) {
        at = execute(more.next());
      } else {
        throw new IllegalStateException("only a pessimistic lock waits");
      }
    }
  }

  private CompletableFuture<PessimisticLockResponse> lock(PessimisticLockRequest request) {
    Error refused = admit(request.getContext());
    if (refused != null) {
      return CompletableFuture.completedFuture(
          PessimisticLockResponse.newBuilder().setRegionError(refused).build());
    }
    CompletableFuture<PessimisticLockResponse> answer = new CompletableFuture<>();
    tryLock(request, answer, false);
    return answer;
  }

  /** Under the cluster's lock. */
  void tryLock(
      PessimisticLockRequest request,
      CompletableFuture<PessimisticLockResponse> answer,
      boolean timedOut) {
    var response = PessimisticLockResponse.newBuilder();
    try {
      var outcome = execute(lockCommand(request));
      if (outcome instanceof Outcome.WaitFor<?> wait) {
        LockedKey locked = wait.locked();
        if (timedOut) {
          answer.complete(locked(locked));
          return;
        }
        var cycle =
            cluster.deadlocks.detect(
                new WaitEdge(request.getStartVersion(), locked.lock().startTs(), locked.key()), 0);
        if (cycle != null) {
          answer.complete(
              PessimisticLockResponse.newBuilder()
                  .addErrors(
                      KeyError.newBuilder()
                          .setDeadlock(
                              Deadlock.newBuilder()
                                  .setLockTs(locked.lock().startTs())
                                  .setLockKey(bytes(locked.key()))))
                  .build());
          return;
        }
        cluster.park(this, request, answer);
        return;
      }
      cluster.deadlocks.removeTxn(request.getStartVersion());
      boolean forced = request.getWakeUpMode() == PessimisticLockWakeUpMode.WakeUpModeForceLock;
      for (var one : finish(outcome).keys()) {
        if (forced) {
          var result =
              PessimisticLockKeyResult.newBuilder()
                  .setExistence(one.exists())
                  .setLockedWithConflictTs(one.lockedWithConflictTs());
          if (one.value() != null) {
            result.setValue(ByteString.copyFrom(one.value()));
          }
          response.addResults(result);
        } else if (request.getReturnValues()) {
          response.addValues(
              one.value() == null ? ByteString.EMPTY : ByteString.copyFrom(one.value()));
          response.addNotFounds(!one.exists());
        }
      }
    } catch (TxnRejected rejected) {
      cluster.deadlocks.removeTxn(request.getStartVersion());
      response.addErrors(error(rejected.reason()));
    }
    answer.complete(response.build());
  }

  private static PessimisticLockResponse locked(LockedKey locked) {
    return PessimisticLockResponse.newBuilder()
        .addErrors(KeyError.newBuilder().setLocked(FakeMessages.lockInfo(locked)))
        .build();
  }

  private static PessimisticLock lockCommand(PessimisticLockRequest request) {
    List<LockTarget> targets = new ArrayList<>();
    for (Mutation mutation : request.getMutationsList()) {
      targets.add(
          new LockTarget(key(mutation.getKey()), mutation.getAssertion() == Assertion.NotExist));
    }
    return new PessimisticLock(
        new TxnHeader(
            key(request.getPrimaryLock()),
            request.getStartVersion(),
            request.getForUpdateTs(),
            request.getLockTtl(),
            0,
            request.getMinCommitTs()),
        targets,
        request.getIsFirstLock(),
        request.getWaitTimeout(),
        request.getReturnValues(),
        request.getCheckExistence(),
        request.getLockOnlyIfExists(),
        request.getWakeUpMode() == PessimisticLockWakeUpMode.WakeUpModeForceLock
            ? WakeUpMode.FORCE_LOCK
            : WakeUpMode.NORMAL);
  }
}

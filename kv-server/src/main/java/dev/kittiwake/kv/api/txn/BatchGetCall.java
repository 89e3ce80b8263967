package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.read.Moment;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.kv.txn.SnapshotView;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.APIVersion;
import dev.kittiwake.proto.kvrpcpb.BatchGetRequest;
import dev.kittiwake.proto.kvrpcpb.BatchGetResponse;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.read.PointReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The values of several keys of a region as of a timestamp; keys without one are left out. */
final class BatchGetCall implements KvHandler<BatchGetRequest, BatchGetResponse> {
  private final SnapshotReads snapshots;

  BatchGetCall(SnapshotReads snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public CompletableFuture<BatchGetResponse> handle(BatchGetRequest request) {
    if (request.getContext().getApiVersion() != APIVersion.V1) {
      return CompletableFuture.completedFuture(
          rejected(TxnScheduler.otherVersion(request.getContext())));
    }
    List<Key> keys = UserKeys.keys(request.getKeysList());
    ReadView view = SnapshotReads.view(request.getContext(), request.getVersion());
    LockedKey inFlight = snapshots.inFlight(request.getContext(), keys, view);
    if (inFlight != null) {
      return CompletableFuture.completedFuture(rejected(new KeyError.Locked(inFlight)));
    }
    return snapshots
        .reads()
        .asOf(
            new Moment(
                request.getContext(),
                UserKeys.stored(keys),
                request.getVersion(),
                () -> request.getKeysList().stream().map(SnapshotReads::single).toList(),
                false),
            BatchGetCall::unread,
            snapshot -> read(snapshot, keys, view, request.getVersion()));
  }

  private BatchGetResponse read(RegionSnapshot snapshot, List<Key> keys, ReadView view, long ts) {
    try (PointReader reader = new PointReader(new SnapshotView(snapshot), view)) {
      snapshots.checkAge(ts);
      return BatchGetResponse.newBuilder().addAllPairs(Rows.pairs(reader.batchGet(keys))).build();
    } catch (TxnRejected rejected) {
      return rejected(rejected.reason());
    }
  }

  private static BatchGetResponse unread(ReadResult result) {
    var locked = SnapshotReads.lockIn(result);
    return locked != null
        ? rejected(locked)
        : BatchGetResponse.newBuilder().setRegionError(SnapshotReads.regionError(result)).build();
  }

  private static BatchGetResponse rejected(KeyError reason) {
    return rejected(KeyErrors.message(reason));
  }

  private static BatchGetResponse rejected(dev.kittiwake.proto.kvrpcpb.KeyError reason) {
    return BatchGetResponse.newBuilder().setError(reason).addPairs(Rows.failed(reason)).build();
  }
}

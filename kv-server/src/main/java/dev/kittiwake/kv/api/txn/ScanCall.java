package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.read.Moment;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.kv.txn.SnapshotView;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.APIVersion;
import dev.kittiwake.proto.kvrpcpb.ScanRequest;
import dev.kittiwake.proto.kvrpcpb.ScanResponse;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.Direction;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.read.RangeReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Up to {@code limit} pairs of a range as of a timestamp, within the region. Backwards, the start
 * key is the exclusive upper bound and the end key the inclusive lower one. Locked rows are pairs
 * with an error, and count.
 */
final class ScanCall implements KvHandler<ScanRequest, ScanResponse> {
  private final SnapshotReads snapshots;

  ScanCall(SnapshotReads snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public CompletableFuture<ScanResponse> handle(ScanRequest request) {
    if (request.getContext().getApiVersion() != APIVersion.V1) {
      return CompletableFuture.completedFuture(
          rejected(TxnScheduler.otherVersion(request.getContext())));
    }
    Key start = UserKeys.key(request.getStartKey());
    Key end = UserKeys.key(request.getEndKey());
    boolean reverse = request.getReverse();
    KeyRange range = reverse ? new KeyRange(end, start) : new KeyRange(start, end);
    ReadView view = SnapshotReads.view(request.getContext(), request.getVersion());
    // Before the snapshot is taken: a commit in flight that is gone by then is in the snapshot.
    LockedKey inFlight = snapshots.inFlight(request.getContext(), range, view);
    if (inFlight != null) {
      return CompletableFuture.completedFuture(rejected(new KeyError.Locked(inFlight)));
    }
    return snapshots
        .reads()
        .asOf(
            new Moment(
                request.getContext(),
                // a backward scan may start at the region's end, which is not in the region
                reverse ? List.of() : UserKeys.stored(start),
                request.getVersion(),
                () -> List.of(claimed(range)),
                true),
            ScanCall::unread,
            snapshot -> read(snapshot, request, range, view));
  }

  private static dev.kittiwake.proto.kvrpcpb.KeyRange claimed(KeyRange range) {
    return dev.kittiwake.proto.kvrpcpb.KeyRange.newBuilder()
        .setStartKey(UserKeys.bytes(range.start()))
        .setEndKey(UserKeys.bytes(range.end()))
        .build();
  }

  private ScanResponse read(
      RegionSnapshot snapshot, ScanRequest request, KeyRange range, ReadView view) {
    KeyRange here = range.intersection(UserKeys.userRange(snapshot.view().range()));
    try {
      snapshots.checkAge(request.getVersion());
      Direction direction = request.getReverse() ? Direction.BACKWARD : Direction.FORWARD;
      RangeReader reader = new RangeReader(new SnapshotView(snapshot), view);
      return ScanResponse.newBuilder()
          .addAllPairs(
              Rows.pairs(reader.scan(here, direction, request.getLimit(), request.getKeyOnly())))
          .build();
    } catch (TxnRejected rejected) {
      return rejected(rejected.reason());
    }
  }

  private static ScanResponse unread(ReadResult result) {
    var locked = SnapshotReads.lockIn(result);
    return locked != null
        ? rejected(locked)
        : ScanResponse.newBuilder().setRegionError(SnapshotReads.regionError(result)).build();
  }

  private static ScanResponse rejected(KeyError reason) {
    return rejected(KeyErrors.message(reason));
  }

  private static ScanResponse rejected(dev.kittiwake.proto.kvrpcpb.KeyError reason) {
    return ScanResponse.newBuilder().setError(reason).addPairs(Rows.failed(reason)).build();
  }
}

package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.read.Moment;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.kv.txn.SnapshotView;
import dev.kittiwake.kv.txn.TxnScheduler;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.APIVersion;
import dev.kittiwake.proto.kvrpcpb.GetRequest;
import dev.kittiwake.proto.kvrpcpb.GetResponse;
import dev.kittiwake.txn.command.KeyError;
import dev.kittiwake.txn.command.TxnRejected;
import dev.kittiwake.txn.mvcc.LockedKey;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.read.Found;
import dev.kittiwake.txn.read.PointReader;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The value of a key as of a timestamp. */
final class GetCall implements KvHandler<GetRequest, GetResponse> {
  private static final GetResponse NOT_FOUND = GetResponse.newBuilder().setNotFound(true).build();

  private final SnapshotReads snapshots;

  GetCall(SnapshotReads snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public CompletableFuture<GetResponse> handle(GetRequest request) {
    if (request.getContext().getApiVersion() != APIVersion.V1) {
      return CompletableFuture.completedFuture(
          rejected(TxnScheduler.otherVersion(request.getContext())));
    }
    Key key = UserKeys.key(request.getKey());
    ReadView view = SnapshotReads.view(request.getContext(), request.getVersion());
    LockedKey inFlight = snapshots.inFlight(request.getContext(), List.of(key), view);
    if (inFlight != null) {
      return CompletableFuture.completedFuture(rejected(new KeyError.Locked(inFlight)));
    }
    return snapshots
        .reads()
        .asOf(
            new Moment(
                request.getContext(),
                UserKeys.stored(key),
                request.getVersion(),
                () -> List.of(SnapshotReads.single(request.getKey())),
                false),
            GetCall::unread,
            snapshot -> read(snapshot, key, view, request.getVersion()));
  }

  private GetResponse read(RegionSnapshot snapshot, Key key, ReadView view, long ts) {
    try (PointReader reader = new PointReader(new SnapshotView(snapshot), view)) {
      snapshots.checkAge(ts);
      Found found = reader.get(key);
      return found == null
          ? NOT_FOUND
          : GetResponse.newBuilder()
              .setValue(UserKeys.bytes(found.value()))
              .setCommitTs(found.commitTs())
              .build();
    } catch (TxnRejected rejected) {
      return rejected(rejected.reason());
    }
  }

  private static GetResponse unread(ReadResult result) {
    var locked = SnapshotReads.lockIn(result);
    return locked != null
        ? GetResponse.newBuilder().setError(locked).build()
        : GetResponse.newBuilder().setRegionError(SnapshotReads.regionError(result)).build();
  }

  private static GetResponse rejected(KeyError reason) {
    return GetResponse.newBuilder().setError(KeyErrors.message(reason)).build();
  }
}

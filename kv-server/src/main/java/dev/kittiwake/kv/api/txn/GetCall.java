package dev.kittiwake.kv.api.txn;

import dev.kittiwake.kv.api.KvHandler;
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
    LockedKey inFlight = snapshots.memory().beforeRead(key, view);
    if (inFlight != null) {
      return CompletableFuture.completedFuture(rejected(new KeyError.Locked(inFlight)));
    }
    return snapshots
        .reads()
        .snapshot(
            request.getContext(),
            UserKeys.stored(key),
            error -> GetResponse.newBuilder().setRegionError(error).build(),
            snapshot -> read(snapshot, key, view, request.getVersion()));
  }

  private GetResponse read(RegionSnapshot snapshot, Key key, ReadView view, long ts) {
    PointReader reader = new PointReader(new SnapshotView(snapshot), view);
    try {
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

  private static GetResponse rejected(KeyError reason) {
    return GetResponse.newBuilder().setError(KeyErrors.message(reason)).build();
  }
}

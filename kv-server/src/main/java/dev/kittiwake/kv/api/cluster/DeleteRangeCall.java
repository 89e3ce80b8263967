package dev.kittiwake.kv.api.cluster;

import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.proto.kvrpcpb.DeleteRangeRequest;
import dev.kittiwake.proto.kvrpcpb.DeleteRangeResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Deletes a range of transactional keys with all their versions and locks, without a transaction,
 * replicated.
 */
final class DeleteRangeCall implements KvHandler<DeleteRangeRequest, DeleteRangeResponse> {
  private final RegionAccess access;

  DeleteRangeCall(RegionAccess access) {
    this.access = access;
  }

  @Override
  public CompletableFuture<DeleteRangeResponse> handle(DeleteRangeRequest request) {
    if (request.getNotifyOnly()) {
      return CompletableFuture.completedFuture(DeleteRangeResponse.getDefaultInstance());
    }
    Key start = MemComparable.encode(Key.wrap(request.getStartKey().toByteArray()));
    Key end =
        request.getEndKey().isEmpty()
            ? Key.EMPTY
            : MemComparable.encode(Key.wrap(request.getEndKey().toByteArray()));
    Admission admission = access.admit(request.getContext(), List.of(start), true);
    if (!(admission instanceof Admission.Admitted)) {
      return RegionReads.refuse(admission, DeleteRangeCall::answer);
    }
    RegionView view = ((Admission.Admitted) admission).view();
    KeyRange range = new KeyRange(start, end).intersection(view.range());
    if (range.isEmpty()) {
      return CompletableFuture.completedFuture(DeleteRangeResponse.getDefaultInstance());
    }
    RegionWrite write =
        new RegionWrite()
            .deleteRange(Family.LOCK, range)
            .deleteRange(Family.WRITE, range)
            .deleteRange(Family.DEFAULT, range);
    return access.write(view, write).thenApply(DeleteRangeCall::answer);
  }

  private static DeleteRangeResponse answer(Error error) {
    return error == null
        ? DeleteRangeResponse.getDefaultInstance()
        : DeleteRangeResponse.newBuilder().setRegionError(error).build();
  }
}

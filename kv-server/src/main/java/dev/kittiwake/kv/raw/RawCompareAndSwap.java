package dev.kittiwake.kv.raw;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.kv.txn.KeyLatches;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.RawCASRequest;
import dev.kittiwake.proto.kvrpcpb.RawCASResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sets or deletes a key if it has the value the caller expects; always tells the value that was
 * there. Linearizable per key against other compare-and-swaps and against writes that ask for it
 * ({@code for_cas}).
 */
final class RawCompareAndSwap implements KvHandler<RawCASRequest, RawCASResponse> {
  private final RegionAccess access;
  private final KeyLatches latches;

  RawCompareAndSwap(RegionAccess access, KeyLatches latches) {
    this.access = access;
    this.latches = latches;
  }

  @Override
  public CompletableFuture<RawCASResponse> handle(RawCASRequest request) {
    RawKeys.check(request.getContext(), request.getTtl());
    Key key = RawKeys.key(request.getKey());
    RawKeys.checkLength(key);
    Family family = RawKeys.family(request.getCf());
    // The value is read after the latch is held, so that no other such operation comes between.
    return latches.holding(List.of(key), () -> latched(request, key, family));
  }

  private CompletableFuture<RawCASResponse> latched(RawCASRequest request, Key key, Family family) {
    Admission admission = access.admit(request.getContext(), List.of(key), true);
    if (!(admission instanceof Admission.Admitted)) {
      return RegionReads.refuse(admission, RawCompareAndSwap::refused);
    }
    // Read and write under one view: a change of leadership in between refuses the write.
    RegionView view = ((Admission.Admitted) admission).view();
    return access
        .read(view)
        .thenCompose(
            result -> {
              if (result instanceof ReadResult.Refused) {
                return CompletableFuture.completedFuture(
                    refused(((ReadResult.Refused) result).error()));
              }
              try (RegionSnapshot snapshot = ((ReadResult.Readable) result).snapshot()) {
                return swap(
                    request, key, family, view, Optional.ofNullable(snapshot.get(family, key)));
              }
            });
  }

  private CompletableFuture<RawCASResponse> swap(
      RawCASRequest request, Key key, Family family, RegionView view, Optional<byte[]> present) {
    RawCASResponse.Builder response = RawCASResponse.newBuilder();
    present.ifPresentOrElse(
        value -> response.setPreviousValue(UnsafeByteOperations.unsafeWrap(value)),
        () -> response.setPreviousNotExist(true));
    if (!isExpected(request, present)) {
      return CompletableFuture.completedFuture(response.setSucceed(false).build());
    }
    RegionWrite write = new RegionWrite();
    if (request.getDelete()) {
      write.delete(family, key);
    } else {
      write.put(family, key, request.getValue().toByteArray());
    }
    Error refusal = write.grows() ? access.writeGate().refusal(request.getContext()) : null;
    if (refusal != null) {
      return CompletableFuture.completedFuture(refused(refusal));
    }
    return access
        .write(view, write)
        .thenApply(error -> error == null ? response.setSucceed(true).build() : refused(error));
  }

  private static boolean isExpected(RawCASRequest request, Optional<byte[]> present) {
    return request.getPreviousNotExist()
        ? present.isEmpty()
        : present.isPresent()
            && Arrays.equals(present.get(), request.getPreviousValue().toByteArray());
  }

  private static RawCASResponse refused(Error error) {
    return RawCASResponse.newBuilder().setRegionError(error).build();
  }
}

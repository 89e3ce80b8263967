package dev.kittiwake.kv.raw;

import com.google.protobuf.UnsafeByteOperations;
import dev.kittiwake.kv.api.KvHandler;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.read.RegionReads;
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
  private final RegionReads reads;
  private final RawWrites writes;
  private final KeyLatches latches;

  RawCompareAndSwap(RegionReads reads, RawWrites writes, KeyLatches latches) {
    this.reads = reads;
    this.writes = writes;
    this.latches = latches;
  }

  @Override
  public CompletableFuture<RawCASResponse> handle(RawCASRequest request) {
    RawKeys.check(request.getContext(), request.getTtl());
    Key key = RawKeys.key(request.getKey());
    RawKeys.checkLength(key);
    Family family = RawKeys.family(request.getCf());
    // The value is read after the latch is held, so that no other such operation comes between.
    return latches.holding(
        List.of(key),
        () -> read(request, key, family).thenCompose(now -> swap(request, key, family, now)));
  }

  /** What was there, or the region error. */
  private record Present(Optional<byte[]> value, Error error) {}

  private CompletableFuture<Present> read(RawCASRequest request, Key key, Family family) {
    return reads.points(
        request.getContext(),
        List.of(key),
        error -> new Present(null, error),
        reader -> new Present(Optional.ofNullable(reader.get(family, key)), null));
  }

  private CompletableFuture<RawCASResponse> swap(
      RawCASRequest request, Key key, Family family, Present present) {
    if (present.error() != null) {
      return CompletableFuture.completedFuture(refused(present.error()));
    }
    RawCASResponse.Builder response = RawCASResponse.newBuilder();
    present
        .value()
        .ifPresentOrElse(
            value -> response.setPreviousValue(UnsafeByteOperations.unsafeWrap(value)),
            () -> response.setPreviousNotExist(true));
    if (!isExpected(request, present.value())) {
      return CompletableFuture.completedFuture(response.setSucceed(false).build());
    }
    RegionWrite write = new RegionWrite();
    if (request.getDelete()) {
      write.delete(family, key);
    } else {
      write.put(family, key, request.getValue().toByteArray());
    }
    return writes.write(
        request.getContext(),
        List.of(key),
        false, // the latch is held
        write,
        error -> error == null ? response.setSucceed(true).build() : refused(error));
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

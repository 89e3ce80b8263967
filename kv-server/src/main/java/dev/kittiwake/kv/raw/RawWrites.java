package dev.kittiwake.kv.raw;

import dev.kittiwake.kv.read.RegionReads;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.kv.txn.KeyLatches;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Context;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way of a raw write to its region, with latches where the request asks for atomicity with
 * compare-and-swap.
 */
final class RawWrites {
  private final RegionAccess access;
  private final KeyLatches latches;

  RawWrites(RegionAccess access, KeyLatches latches) {
    this.access = access;
    this.latches = latches;
  }

  /**
   * Writes {@code write}, all of whose keys are {@code keys}.
   *
   * @param latched whether to wait for compare-and-swap operations on the same keys
   * @param answer makes the answer of a region error, or of null when the write is applied
   */
  <R> CompletableFuture<R> write(
      Context context,
      List<Key> keys,
      boolean latched,
      RegionWrite write,
      Function<Error, R> answer) {
    Supplier<CompletableFuture<R>> run =
        () -> {
          Admission admission = access.admit(context, keys, true);
          if (!(admission instanceof Admission.Admitted)) {
            return RegionReads.refuse(admission, answer);
          }
          if (write.isEmpty()) {
            return CompletableFuture.completedFuture(answer.apply(null));
          }
          Error refusal = write.grows() ? access.writeGate().refusal(context) : null;
          if (refusal != null) {
            return CompletableFuture.completedFuture(answer.apply(refusal));
          }
          return access.write(((Admission.Admitted) admission).view(), write).thenApply(answer);
        };
    return latched ? latches.holding(keys, run) : run.get();
  }
}

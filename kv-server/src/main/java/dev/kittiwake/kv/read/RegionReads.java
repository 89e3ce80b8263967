package dev.kittiwake.kv.read;

import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionReader;
import dev.kittiwake.kv.region.RegionSnapshot;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.Context;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** The way of a reading request to the data of its region. Thread-safe. */
public final class RegionReads {
  private final RegionAccess access;
  private final Executor scans;

  /**
   * @param scans where reads of many keys run; must not be a thread that other requests wait for
   */
  public RegionReads(RegionAccess access, Executor scans) {
    this.access = access;
    this.scans = scans;
  }

  /** Below it no read is right any more. To be asked when the data has been taken. */
  public long gcSafePoint() {
    return access.gcSafePoint();
  }

  /**
   * Reads single keys: on the calling thread, without a snapshot, if this leader's lease is valid.
   *
   * @param refused makes the answer of a region error
   */
  public <R> CompletableFuture<R> points(
      Context context,
      List<Key> storedKeys,
      Function<Error, R> refused,
      Function<RegionReader, R> read) {
    Admission admission = access.admit(context, storedKeys, false);
    if (!(admission instanceof Admission.Admitted)) {
      return refuse(admission, refused);
    }
    RegionView view = ((Admission.Admitted) admission).view();
    R answer = access.leaseRead(view, read);
    if (answer != null) {
      return CompletableFuture.completedFuture(answer);
    }
    return access
        .read(view)
        .thenApply(result -> over(result, refused, snapshot -> read.apply(snapshot::get)));
  }

  /**
   * Reads at one moment of the region that holds {@code storedKeys}; for a few keys, on the thread
   * that has the snapshot.
   */
  public <R> CompletableFuture<R> snapshot(
      Context context,
      List<Key> storedKeys,
      Function<Error, R> refused,
      Function<RegionSnapshot, R> read) {
    Admission admission = access.admit(context, storedKeys, false);
    if (!(admission instanceof Admission.Admitted)) {
      return refuse(admission, refused);
    }
    return access
        .read(((Admission.Admitted) admission).view())
        .thenApply(result -> over(result, refused, read));
  }

  /** Reads many keys at one moment, on the executor for scans. */
  public <R> CompletableFuture<R> scan(
      Context context,
      List<Key> storedKeys,
      Function<Error, R> refused,
      Function<RegionSnapshot, R> read) {
    Admission admission = access.admit(context, storedKeys, false);
    if (!(admission instanceof Admission.Admitted)) {
      return refuse(admission, refused);
    }
    return access
        .read(((Admission.Admitted) admission).view())
        .thenApplyAsync(result -> over(result, refused, read), scans);
  }

  /**
   * Reads transactional data as of a timestamp: on the leader, or on the replica asked if the
   * request allows it, which then asks the leader first.
   *
   * @param otherwise makes the answer of a result that is not readable
   */
  public <R> CompletableFuture<R> asOf(
      Moment moment, Function<ReadResult, R> otherwise, Function<RegionSnapshot, R> read) {
    Admission admission = access.admit(moment.context(), moment.storedKeys(), false);
    if (!(admission instanceof Admission.Admitted)) {
      return refuse(admission, error -> otherwise.apply(new ReadResult.Refused(error)));
    }
    RegionView view = ((Admission.Admitted) admission).view();
    CompletableFuture<ReadResult> result = result(moment, view);
    Function<ReadResult, R> answer =
        found ->
            found instanceof ReadResult.Readable readable
                ? over(readable, read)
                : otherwise.apply(found);
    return moment.many() ? result.thenApplyAsync(answer, scans) : result.thenApply(answer);
  }

  private CompletableFuture<ReadResult> result(Moment moment, RegionView view) {
    if (moment.context().getStaleRead()) {
      return CompletableFuture.completedFuture(access.staleRead(view, moment.ts()));
    }
    return view.replicaRead() ? access.read(view, moment.claim()) : access.read(view);
  }

  /** The answer to a request that was not admitted. */
  public static <R> CompletableFuture<R> refuse(Admission admission, Function<Error, R> refused) {
    if (admission instanceof Admission.Refused) {
      return CompletableFuture.completedFuture(
          refused.apply(((Admission.Refused) admission).error()));
    }
    String message = ((Admission.ForeignCluster) admission).message();
    return CompletableFuture.failedFuture(
        Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException());
  }

  private static <R> R over(
      ReadResult result, Function<Error, R> refused, Function<RegionSnapshot, R> read) {
    if (result instanceof ReadResult.Refused) {
      return refused.apply(((ReadResult.Refused) result).error());
    }
    return over((ReadResult.Readable) result, read);
  }

  private static <R> R over(ReadResult.Readable result, Function<RegionSnapshot, R> read) {
    try (RegionSnapshot snapshot = result.snapshot()) {
      return read.apply(snapshot);
    }
  }

  /**
   * The part of {@code [start, end)} within the region of a snapshot; an empty end means the
   * region's end.
   */
  public static KeyRange clip(RegionSnapshot snapshot, Key start, Key end) {
    return new KeyRange(start, end).intersection(snapshot.view().range());
  }
}

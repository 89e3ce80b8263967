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
  private final boolean leaderOnly;

  /**
   * @param scans where reads of many keys run; must not be a thread that other requests wait for
   */
  public RegionReads(RegionAccess access, Executor scans) {
    this(access, scans, false);
  }

  private RegionReads(RegionAccess access, Executor scans, boolean leaderOnly) {
    this.access = access;
    this.scans = scans;
    this.leaderOnly = leaderOnly;
  }

  /**
   * The same, but only the leader answers, whatever the request allows: for reads that must be seen
   * by commits in flight, which only the leader knows of.
   */
  public RegionReads onLeader() {
    return new RegionReads(access, scans, true);
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
    Admission admission = access.admit(context, storedKeys, leaderOnly);
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
    Admission admission = access.admit(context, storedKeys, leaderOnly);
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
    Admission admission = access.admit(context, storedKeys, leaderOnly);
    if (!(admission instanceof Admission.Admitted)) {
      return refuse(admission, refused);
    }
    return access
        .read(((Admission.Admitted) admission).view())
        .thenApplyAsync(result -> over(result, refused, read), scans);
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
    try (RegionSnapshot snapshot = ((ReadResult.Readable) result).snapshot()) {
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

package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.errorpb.NotLeader;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.kvrpcpb.Context;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A store whose one region covers everything and is replicated nowhere: what stands above regions
 * can be tested on it.
 */
public final class OneRegion implements RegionAccess {
  private final MemoryEngine engine = new MemoryEngine();
  private final List<RegionListener> listeners = new ArrayList<>();
  private final DataTurns turns = new DataTurns();
  private final WriteGate gate = new WriteGate(9);
  private boolean leader = true;
  private long term = 1;
  private int writes;

  /** How many writes were replicated. */
  public int writes() {
    return writes;
  }

  public RegionView view() {
    Region region =
        Region.newBuilder()
            .setId(1)
            .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(1).setVersion(1))
            .addPeers(Peer.newBuilder().setId(2).setStoreId(storeId()))
            .build();
    return new RegionView(region, region.getPeers(0), term, leader, false, KeyRange.ALL);
  }

  /** Tells the listeners that this store leads (again, in a new term). */
  public void gainLeadership() {
    leader = true;
    term++;
    listeners.forEach(listener -> listener.onLeaderGained(view()));
  }

  public void loseLeadership() {
    leader = false;
    listeners.forEach(listener -> listener.onLeaderLost(1, term));
  }

  @Override
  public long storeId() {
    return 9;
  }

  @Override
  public WriteGate writeGate() {
    return gate;
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public Admission admit(Context context, List<Key> storedKeys, boolean write) {
    return leader ? new Admission.Admitted(view()) : new Admission.Refused(notLeader());
  }

  @Override
  public Admission admit(Context context, KeyRange storedKeys, boolean write) {
    return admit(context, List.of(), write);
  }

  @Override
  public CompletableFuture<ReadResult> read(RegionView view) {
    return CompletableFuture.completedFuture(
        new ReadResult.Readable(new RegionSnapshot(engine.snapshot(), view)));
  }

  @Override
  public <T> T leaseRead(RegionView view, Function<RegionReader, T> reads) {
    return reads.apply((family, key) -> engine.get(family, EngineKeys.data(key)));
  }

  @Override
  public CompletableFuture<Error> write(RegionView view, RegionWrite write) {
    if (!leader || view.term() != term) {
      return CompletableFuture.completedFuture(notLeader());
    }
    writes++;
    engine.write(write.batch());
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletableFuture<SplitResult> split(RegionView view, List<Key> storedSplitKeys) {
    return CompletableFuture.completedFuture(
        new SplitResult.Refused(Error.newBuilder().setMessage("this region stays whole").build()));
  }

  @Override
  public CollectGarbage collect(KeyRange storedKeys, long safePoint) {
    return new CollectGarbage(engine, turns, storedKeys, safePoint);
  }

  @Override
  public int restingRegions() {
    return 0;
  }

  @Override
  public List<RegionView> regions() {
    return List.of(view());
  }

  @Override
  public CompletableFuture<List<RegionProgress>> progress() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public void addGate(MergeGate gate) {
    // This region stays what it is.
  }

  @Override
  public void addListener(RegionListener listener) {
    listeners.add(listener);
  }

  private static Error notLeader() {
    return Error.newBuilder()
        .setMessage("not leader")
        .setNotLeader(NotLeader.newBuilder().setRegionId(1))
        .build();
  }
}

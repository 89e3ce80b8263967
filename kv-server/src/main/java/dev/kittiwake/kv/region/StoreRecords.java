package dev.kittiwake.kv.region;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.store.StoreIdent;
import java.util.Optional;

/**
 * The records of a store as a whole: its identity, and the first region of a cluster while it is
 * not known whether the placement driver has accepted it. Every write here is durable when it
 * returns.
 */
public final class StoreRecords {
  /** The format of {@link StoreIdent} that this version writes. */
  public static final int FORMAT = 1;

  private StoreRecords() {}

  /**
   * Whose data this is; empty if nobody's yet.
   *
   * @throws EngineException if the record is damaged or of a newer version
   */
  public static Optional<StoreIdent> ident(Engine engine) {
    byte[] value = engine.get(Family.RAFT, EngineKeys.STORE_IDENT);
    if (value == null) {
      return Optional.empty();
    }
    try {
      StoreIdent ident = StoreIdent.parseFrom(value);
      if (ident.getFormat() != FORMAT) {
        throw new EngineException(
            "the data directory has format "
                + ident.getFormat()
                + ", this version reads "
                + FORMAT
                + ": use the version that wrote it");
      }
      return Optional.of(ident);
    } catch (InvalidProtocolBufferException broken) {
      throw new EngineException("the record of the store's identity is damaged", broken);
    }
  }

  public static void putIdent(Engine engine, StoreIdent ident) {
    engine.write(new WriteBatch().put(Family.RAFT, EngineKeys.STORE_IDENT, ident.toByteArray()));
    engine.syncLog();
  }

  /** The first region that this store once prepared and has not settled. */
  public static Optional<Region> prepared(Engine engine) throws InvalidProtocolBufferException {
    byte[] value = engine.get(Family.RAFT, EngineKeys.PREPARED_BOOTSTRAP);
    return value == null ? Optional.empty() : Optional.of(Region.parseFrom(value));
  }

  /** Writes the first region and its replica here, to be kept or dropped. */
  public static void putPrepared(Engine engine, Region region) {
    WriteBatch batch = new WriteBatch();
    batch.put(Family.RAFT, EngineKeys.PREPARED_BOOTSTRAP, region.toByteArray());
    RegionRecords.put(
        batch, RegionRecords.normal(region, region.getPeers(0), RegionRecords.membership(region)));
    RegionRecords.putApplied(batch, region.getId(), RegionRecords.INITIAL);
    engine.write(batch);
    engine.syncLog();
  }

  /** The placement driver has accepted it. */
  public static void keepPrepared(Engine engine) {
    engine.write(new WriteBatch().delete(Family.RAFT, EngineKeys.PREPARED_BOOTSTRAP));
    engine.syncLog();
  }

  /** Another store made the first region. */
  public static void dropPrepared(Engine engine, Region region) {
    engine.write(
        new WriteBatch()
            .delete(Family.RAFT, EngineKeys.PREPARED_BOOTSTRAP)
            .delete(Family.RAFT, EngineKeys.regionState(region.getId()))
            .delete(Family.RAFT, EngineKeys.applied(region.getId())));
    engine.syncLog();
  }
}

package dev.kittiwake.pd.meta;

import com.google.protobuf.CodedInputStream;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.SafePointKind;
import java.io.IOException;

/** One entry of the placement driver's log. Deterministic: no clock, no chance. */
public sealed interface MetaCommand
    permits CreateCluster,
        Bootstrap,
        PutStore,
        ChangeStoreState,
        LabelStore,
        DropTombstones,
        AllocateIds,
        SaveTimestampBound,
        SaveRegions,
        AdvanceSafePoint,
        SetBarrier,
        DeleteBarrier,
        ChangeConfig,
        WriteKv,
        SetExternalTimestamp,
        PutMember,
        AddMember,
        RemoveMember,
        DropMember {
  /** The version of the records that this code writes, and the newest that it reads. */
  int VERSION = 1;

  /** So deep an entry may be nested that is proposed: what every reader of the format allows. */
  int DEPTH_WRITTEN = 100;

  /**
   * So deep an entry may be nested that is in the log. Earlier programs wrapped requests of the
   * largest depth into entries that are deeper by two, and could not read them again.
   */
  int DEPTH_READ = 128;

  /** Changes {@code meta} and says what came of it. */
  Outcome applyTo(ClusterMeta meta);

  void writeTo(CommandRecord.Builder record);

  /**
   * Looks before the command is proposed whether anybody should be given it to apply. Says nothing
   * of what the state will be by then.
   *
   * @throws IllegalArgumentException one line for the caller
   */
  default void checkProposed() {}

  /**
   * The bytes to propose. An entry that is in the log must be applied by every member, at every
   * start: what could not be read again (nested deeper than the format reads, text that is none) is
   * refused here.
   *
   * @throws IllegalArgumentException one line for the caller
   */
  default byte[] encodeToPropose() {
    checkProposed();
    byte[] bytes = encode();
    try {
      decode(bytes, DEPTH_WRITTEN);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException(
          "a request that cannot be kept, nothing was done: " + e.getMessage(), e);
    }
    return bytes;
  }

  default byte[] encode() {
    CommandRecord.Builder record = CommandRecord.newBuilder().setVersion(VERSION);
    writeTo(record);
    return record.build().toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws IllegalStateException for bytes that no member can have written, and for a newer
   *     version
   */
  static MetaCommand decode(byte[] bytes) {
    return decode(bytes, DEPTH_READ);
  }

  private static MetaCommand decode(byte[] bytes, int maxDepth) {
    CommandRecord record;
    try {
      CodedInputStream input = CodedInputStream.newInstance(bytes);
      input.setRecursionLimit(maxDepth);
      record = CommandRecord.parseFrom(input);
      input.checkLastTagWas(0);
    } catch (IOException e) {
      throw new IllegalStateException("unreadable entry in the log of pd: " + e.getMessage(), e);
    }
    if (record.getVersion() != VERSION) {
      throw new IllegalStateException(
          "entry of version "
              + record.getVersion()
              + " in the log of pd, this program reads version "
              + VERSION
              + ": start the newer program");
    }
    switch (record.getCommandCase()) {
      case CREATE_CLUSTER:
        return new CreateCluster(
            record.getCreateCluster().getClusterId(), record.getCreateCluster().getMembersList());
      case BOOTSTRAP:
        return new Bootstrap(record.getBootstrap().getStore(), record.getBootstrap().getRegion());
      case PUT_STORE:
        return new PutStore(record.getPutStore().getStore());
      case CHANGE_STORE_STATE:
        return new ChangeStoreState(
            record.getChangeStoreState().getStoreId(), record.getChangeStoreState().getState());
      case LABEL_STORE:
        return new LabelStore(
            record.getLabelStore().getStoreId(), record.getLabelStore().getLabelsList());
      case DROP_TOMBSTONES:
        return new DropTombstones();
      case ALLOCATE_IDS:
        return new AllocateIds(record.getAllocateIds().getCount());
      case SAVE_TIMESTAMP_BOUND:
        return new SaveTimestampBound(record.getSaveTimestampBound().getBoundMillis());
      case SAVE_REGIONS:
        return new SaveRegions(
            record.getSaveRegions().getRegionsList(), record.getSaveRegions().getRemovedList());
      case ADVANCE_SAFE_POINT:
        return new AdvanceSafePoint(
            record.getAdvanceSafePoint().getKind() == SafePointKind.TXN,
            record.getAdvanceSafePoint().getTarget(),
            record.getAdvanceSafePoint().getNowMillis(),
            record.getAdvanceSafePoint().getLenient());
      case SET_BARRIER:
        return new SetBarrier(
            Barrier.of(record.getSetBarrier().getBarrier()),
            record.getSetBarrier().getNowMillis(),
            record.getSetBarrier().getService());
      case DELETE_BARRIER:
        return new DeleteBarrier(
            record.getDeleteBarrier().getId(),
            record.getDeleteBarrier().getGlobal(),
            record.getDeleteBarrier().getNowMillis());
      case CHANGE_CONFIG:
        return new ChangeConfig(record.getChangeConfig().getChangesMap());
      case WRITE_KV:
        return new WriteKv(record.getWriteKv().getTxn());
      case SET_EXTERNAL_TIMESTAMP:
        return new SetExternalTimestamp(record.getSetExternalTimestamp().getTimestamp());
      case PUT_MEMBER:
        return new PutMember(record.getPutMember().getMember());
      case ADD_MEMBER:
        return new AddMember(record.getAddMember().getMember());
      case REMOVE_MEMBER:
        return new RemoveMember(record.getRemoveMember().getId());
      case DROP_MEMBER:
        return new DropMember(record.getDropMember().getId());
      default:
        throw new IllegalStateException(
            "entry without a known command in the log of pd: start the newer program");
    }
  }
}

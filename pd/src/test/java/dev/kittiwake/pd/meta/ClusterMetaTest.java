package dev.kittiwake.pd.meta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.Bootstrapped;
import dev.kittiwake.proto.etcdserverpb.Compare;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeRequest;
import dev.kittiwake.proto.etcdserverpb.PutRequest;
import dev.kittiwake.proto.etcdserverpb.RangeRequest;
import dev.kittiwake.proto.etcdserverpb.RequestOp;
import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import dev.kittiwake.proto.metapb.StoreState;
import dev.kittiwake.proto.mvccpb.KeyValue;
import dev.kittiwake.proto.pdpb.ErrorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ClusterMetaTest {
  private final ClusterMeta meta = new ClusterMeta();

  private Outcome apply(MetaCommand command) {
    return meta.apply(command.encode());
  }

  private static ErrorType refusal(Outcome outcome) {
    return ((Outcome.Refused) outcome).type();
  }

  private static TxnRequest put(String key, String value) {
    return TxnRequest.newBuilder()
        .addSuccess(
            RequestOp.newBuilder()
                .setRequestPut(
                    PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value))))
        .build();
  }

  private KeyValue read(String key) {
    return meta.kv()
        .range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build())
        .getKvs(0);
  }

  @Test
  void theFirstClusterIdCounts() {
    assertEquals(new Outcome.Done(7), apply(new CreateCluster(7, List.of())));
    assertEquals(new Outcome.Done(7), apply(new CreateCluster(8, List.of())));
  }

  @Test
  void aStoreIsDrainedBeforeItIsGoneAndNeverComesBack() {
    apply(new Bootstrap(Bootstrapped.store(1), Bootstrapped.region()));
    assertEquals(ErrorType.UNKNOWN, refusal(apply(new ChangeStoreState(1, StoreState.Tombstone))));
    apply(new ChangeStoreState(1, StoreState.Offline));
    assertEquals(
        ErrorType.UNKNOWN,
        refusal(apply(new ChangeStoreState(1, StoreState.Tombstone))),
        "it still has a replica");
    apply(new PutStore(Bootstrapped.store(1))); // a restart does not undo the draining
    assertEquals(StoreState.Offline, meta.store(1).get().getState());
    apply(new SaveRegions(List.of(), List.of(2L)));
    assertEquals(new Outcome.Done(0), apply(new ChangeStoreState(1, StoreState.Tombstone)));
    assertEquals(ErrorType.STORE_TOMBSTONE, refusal(apply(new PutStore(Bootstrapped.store(1)))));
    assertEquals(ErrorType.STORE_TOMBSTONE, refusal(apply(new ChangeStoreState(1, StoreState.Up))));
    assertEquals(
        new Outcome.Done(0),
        apply(
            new PutStore(Bootstrapped.store(5).toBuilder().setAddress("127.0.0.1:20161").build())),
        "its address is free again");

    assertEquals(new Outcome.Done(1), apply(new DropTombstones()));
    assertTrue(meta.store(1).isEmpty());
    assertEquals(
        ErrorType.STORE_TOMBSTONE,
        refusal(apply(new PutStore(Bootstrapped.store(1)))),
        "forgotten");
    ClusterMeta restored = ClusterMeta.decode(meta.encode());
    assertEquals(
        ErrorType.STORE_TOMBSTONE,
        refusal(restored.apply(new PutStore(Bootstrapped.store(1)).encode())));
  }

  @Test
  void theGcSafePointNeverPassesTheTxnSafePointNorThatABarrier() {
    apply(new SetBarrier(new Barrier("backup", 50, 2_000, false), 1_000, false));
    assertEquals(
        new Outcome.Done(50, "barrier backup at 50"),
        apply(new AdvanceSafePoint(true, 90, 1_000, false)));
    assertEquals(
        ErrorType.INVALID_VALUE, refusal(apply(new AdvanceSafePoint(false, 60, 1_000, false))));
    assertEquals(new Outcome.Done(50), apply(new AdvanceSafePoint(false, 50, 1_000, false)));
    assertEquals(
        ErrorType.INVALID_VALUE,
        refusal(apply(new SetBarrier(new Barrier("late", 40, 0, false), 1_000, false))));
    // the barrier has expired
    assertEquals(new Outcome.Done(90, ""), apply(new AdvanceSafePoint(true, 90, 2_000, false)));
    assertEquals("90", read(ClusterMeta.SAVED_SAFE_POINT_KEY).getValue().toStringUtf8());
  }

  @Test
  void revisionsCountTransactionsThatWrite() {
    long before = meta.kv().revision();
    apply(new WriteKv(put("a", "1")));
    apply(new WriteKv(put("a", "2")));
    assertEquals(before + 1, read("a").getCreateRevision());
    assertEquals(before + 2, read("a").getModRevision());
    assertEquals(2, read("a").getVersion());

    TxnRequest createOnly =
        put("a", "3").toBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setTarget(Compare.CompareTarget.CREATE)
                    .setKey(ByteString.copyFromUtf8("a")))
            .build();
    assertTrue(!((Outcome.Answered) apply(new WriteKv(createOnly))).response().getSucceeded());
    assertEquals(before + 2, meta.kv().revision());
    TxnRequest delete =
        TxnRequest.newBuilder()
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("a"))))
            .build();
    apply(new WriteKv(delete));
    assertEquals(before + 3, meta.kv().revision());
    assertTrue(((Outcome.Answered) apply(new WriteKv(createOnly))).response().getSucceeded());
  }

  @Test
  void aNewerEntryIsRefusedWithAWordOfWhatToDo() {
    byte[] newer = {8, 99}; // version 99
    String message =
        assertThrows(IllegalStateException.class, () -> meta.apply(newer)).getMessage();
    assertTrue(message.contains("version 99") && message.contains("newer program"), message);
  }

  @Test
  void aSnapshotAtAnyPlaceOfTheLogLeadsToTheSameState() {
    long seed = Long.getLong("seed", 99L);
    Random random = new Random(seed);
    List<byte[]> log = new ArrayList<>();
    log.add(new CreateCluster(77, List.of()).encode());
    log.add(new Bootstrap(Bootstrapped.store(1), Bootstrapped.region()).encode());
    for (int i = 0; i < 200; i++) {
      log.add(any(random, i).encode());
    }
    log.forEach(meta::apply);
    for (int cut = 0; cut <= log.size(); cut += 20) {
      ClusterMeta other = new ClusterMeta();
      log.subList(0, cut).forEach(other::apply);
      ClusterMeta restored = ClusterMeta.decode(other.encode());
      log.subList(cut, log.size()).forEach(restored::apply);
      assertArrayEquals(meta.encode(), restored.encode(), "seed " + seed + " cut at " + cut);
    }
  }

  private static MetaCommand any(Random random, int i) {
    switch (random.nextInt(10)) {
      case 0:
        return new PutStore(Bootstrapped.store(1 + random.nextInt(5)));
      case 1:
        return new ChangeStoreState(1 + random.nextInt(5), StoreState.forNumber(random.nextInt(3)));
      case 2:
        return new AllocateIds(1 + random.nextInt(1000));
      case 3:
        return new SaveTimestampBound(random.nextInt(100_000));
      case 4:
        return new SaveRegions(
            List.of(Bootstrapped.region().toBuilder().setId(2 + random.nextInt(20)).build()),
            List.of(2L + random.nextInt(20)));
      case 5:
        return new AdvanceSafePoint(random.nextBoolean(), random.nextInt(500), i, true);
      case 6:
        return new SetBarrier(
            new Barrier("b" + random.nextInt(4), random.nextInt(500), i + 20, random.nextBoolean()),
            i,
            true);
      case 7:
        return new DeleteBarrier("b" + random.nextInt(4), random.nextBoolean(), i);
      case 8:
        return new ChangeConfig(Map.of("k" + random.nextInt(3), "" + random.nextInt(3)));
      default:
        return new WriteKv(put("key" + random.nextInt(9), "" + i));
    }
  }
}

package dev.kittiwake.pd.meta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.kittiwake.pd.Bootstrapped;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeRequest;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeResponse;
import dev.kittiwake.proto.etcdserverpb.PutRequest;
import dev.kittiwake.proto.etcdserverpb.RangeRequest;
import dev.kittiwake.proto.etcdserverpb.RequestOp;
import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import dev.kittiwake.proto.mvccpb.KeyValue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The key-value store as clients of etcd may use it, and misuse it. */
final class MetaKvTest {
  private final ClusterMeta meta = new ClusterMeta();

  private Outcome apply(RequestOp.Builder op) {
    return meta.apply(new WriteKv(TxnRequest.newBuilder().addSuccess(op).build()).encode());
  }

  private void put(String key) {
    apply(RequestOp.newBuilder().setRequestPut(request(key, "old " + key)));
  }

  private static PutRequest request(String key, String value) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private DeleteRangeResponse delete(String from, String to) {
    Outcome outcome =
        apply(
            RequestOp.newBuilder()
                .setRequestDeleteRange(
                    DeleteRangeRequest.newBuilder()
                        .setKey(bytes(from))
                        .setRangeEnd(bytes(to))
                        .setPrevKv(true)));
    return assertInstanceOf(Outcome.Answered.class, outcome)
        .response()
        .getResponses(0)
        .getResponseDeleteRange();
  }

  private List<String> keys() {
    return meta.kv().records().stream().map(each -> each.getKey().toStringUtf8()).toList();
  }

  @Test
  void aRangeThatEndsBeforeItBeginsHoldsNothing() {
    List.of("a", "b", "c").forEach(this::put);
    long revision = meta.kv().revision();

    assertEquals(0, delete("b", "b").getDeleted());
    assertEquals(0, delete("c", "a").getDeleted());
    assertEquals(0, delete("z", "a").getPrevKvsCount());
    assertEquals(List.of("a", "b", "c"), keys());
    assertEquals(revision, meta.kv().revision(), "nothing was written");
    RangeRequest back =
        RangeRequest.newBuilder().setKey(bytes("c")).setRangeEnd(bytes("a")).build();
    assertEquals(0, meta.kv().range(back).getCount());

    assertEquals(2, delete("a", "c").getDeleted());
    assertEquals(1, delete("a", "\0").getDeleted());
    assertEquals(List.of(), keys());
  }

  @Test
  void aTransactionThatFailsHalfWayChangesNothing() {
    List.of("a", "b").forEach(this::put);
    byte[] before = meta.encode();

    Outcome outcome =
        meta.kv.allOrNothing(
            () -> {
              meta.kv.put("a", "new");
              meta.kv.put("a", "newer");
              meta.kv.put("c", "new");
              throw new IllegalStateException("a mistake");
            });

    assertTrue(
        assertInstanceOf(Outcome.Refused.class, outcome).message().contains("a mistake"),
        outcome.toString());
    assertArrayEquals(before, meta.encode());
    assertEquals(1, delete("a", "").getDeleted(), "the next one is carried out");
  }

  private static TxnRequest nested(int depth) {
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addSuccess(RequestOp.newBuilder().setRequestPut(request("deep", "" + depth)))
            .build();
    for (int i = 0; i < depth; i++) {
      txn = TxnRequest.newBuilder().addFailure(RequestOp.newBuilder().setRequestTxn(txn)).build();
    }
    return txn;
  }

  @Test
  void whatIsNestedTooDeepIsNotProposed() {
    byte[] deepest = new WriteKv(nested(WriteKv.MAX_NESTING)).encodeToPropose();
    assertDoesNotThrow(() -> meta.apply(deepest));

    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () -> new WriteKv(nested(WriteKv.MAX_NESTING + 1)).encodeToPropose())
            .getMessage();
    assertTrue(refused.contains("nested more than 32 deep"), refused);
  }

  /** A store with fields that are not known, as of a newer program, in each other. */
  private static PutStore strange(int depth) {
    UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
    for (int i = 0; i < depth; i++) {
      fields =
          UnknownFieldSet.newBuilder()
              .addField(900, UnknownFieldSet.Field.newBuilder().addGroup(fields.build()).build());
    }
    return new PutStore(Bootstrapped.store(1).toBuilder().setUnknownFields(fields.build()).build());
  }

  @Test
  void whatCouldNotBeReadAgainIsNotProposed() {
    String refused =
        assertThrows(IllegalArgumentException.class, () -> strange(99).encodeToPropose())
            .getMessage();
    assertTrue(refused.contains("nothing was done"), refused);
    assertDoesNotThrow(() -> meta.apply(strange(98).encodeToPropose()));
    assertDoesNotThrow(() -> meta.apply(strange(99).encode()), "it is in a log already");
    assertThrows(IllegalStateException.class, () -> meta.apply(strange(150).encode()));
  }

  @Test
  void recordsKnowTheirRevisions() {
    put("a");
    put("a");
    KeyValue record = meta.kv().records().iterator().next();
    assertEquals(2, record.getVersion());
    assertEquals(record.getCreateRevision() + 1, record.getModRevision());
  }
}

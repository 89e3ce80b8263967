package dev.kittiwake.kv.api.txn;

import dev.kittiwake.proto.kvrpcpb.KvPair;
import dev.kittiwake.txn.read.Row;
import java.util.ArrayList;
import java.util.List;

/** Rows of batch gets and scans as pairs: a value or what stands in its way. */
final class Rows {
  private Rows() {}

  static List<KvPair> pairs(List<Row> rows) {
    List<KvPair> pairs = new ArrayList<>(rows.size());
    for (Row row : rows) {
      KvPair.Builder pair = KvPair.newBuilder().setKey(UserKeys.bytes(row.key()));
      if (row.error() == null) {
        pair.setValue(UserKeys.bytes(row.value())).setCommitTs(row.commitTs());
      } else {
        pair.setError(KeyErrors.message(row.error()));
      }
      pairs.add(pair.build());
    }
    return pairs;
  }

  /** The one pair that tells clients, who look only at pairs, of an error of the whole request. */
  static KvPair failed(dev.kittiwake.proto.kvrpcpb.KeyError reason) {
    return KvPair.newBuilder().setError(reason).build();
  }
}

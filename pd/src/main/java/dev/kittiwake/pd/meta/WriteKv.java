package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.WriteKvRecord;

/** One transaction on the placement driver's own key-value store. */
public record WriteKv(TxnRequest txn) implements MetaCommand {
  @Override
  public Outcome applyTo(ClusterMeta meta) {
    return new Outcome.Answered(meta.kv.execute(txn));
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setWriteKv(WriteKvRecord.newBuilder().setTxn(txn));
  }
}

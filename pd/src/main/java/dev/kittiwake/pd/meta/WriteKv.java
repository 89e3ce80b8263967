package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.etcdserverpb.RequestOp;
import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import dev.kittiwake.proto.pdstore.CommandRecord;
import dev.kittiwake.proto.pdstore.WriteKvRecord;
import java.util.List;
import java.util.stream.Stream;

/**
 * One transaction on the placement driver's own key-value store; all of it, or a refusal and
 * nothing.
 */
public record WriteKv(TxnRequest txn) implements MetaCommand {
  /** So deep may transactions be nested: request, log entry and answer stay readable. */
  public static final int MAX_NESTING = 32;

  @Override
  public Outcome applyTo(ClusterMeta meta) {
    return meta.kv.execute(txn);
  }

  @Override
  public void checkProposed() {
    List<TxnRequest> level = List.of(txn);
    for (int depth = 0; !level.isEmpty(); depth++) {
      if (depth > MAX_NESTING) {
        throw new IllegalArgumentException(
            "transactions nested more than " + MAX_NESTING + " deep: send them one by one");
      }
      level =
          level.stream()
              .flatMap(
                  each ->
                      Stream.concat(each.getSuccessList().stream(), each.getFailureList().stream()))
              .filter(RequestOp::hasRequestTxn)
              .map(RequestOp::getRequestTxn)
              .toList();
    }
  }

  @Override
  public void writeTo(CommandRecord.Builder record) {
    record.setWriteKv(WriteKvRecord.newBuilder().setTxn(txn));
  }
}

package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public record TxnHeartBeat(Key primary, long startTs, long adviseTtlMillis, long minCommitTs)
    implements Command<TxnHeartBeatResult> {
  @Override
  public List<Key> latchKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<TxnHeartBeatResult> execute(Snapshot snapshot, CommandContext context) {
    throw new UnsupportedOperationException();
  }
}

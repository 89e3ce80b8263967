package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.mvcc.Snapshot;
import java.util.List;

public record Prewrite(
    TxnHeader txn,
    List<Mutation> mutations,
    CommitShortcut shortcut,
    AssertionLevel assertionLevel,
    boolean skipConstraintCheck)
    implements Command<PrewriteResult> {
  @Override
  public List<Key> latchKeys() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Outcome<PrewriteResult> execute(Snapshot snapshot, CommandContext context) {
    throw new UnsupportedOperationException();
  }
}

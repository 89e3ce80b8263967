package dev.kittiwake.kv.txn;

import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.txn.command.KeyError;
import java.util.function.Function;

/** What became of a command. */
public sealed interface TxnAnswer<R> {
  /** Folds the three cases into one value. */
  <T> T fold(Function<R, T> done, Function<Error, T> refused, Function<KeyError, T> rejected);

  /** It was carried out. */
  record Done<R>(R reply) implements TxnAnswer<R> {
    @Override
    public <T> T fold(
        Function<R, T> done, Function<Error, T> refused, Function<KeyError, T> rejected) {
      return done.apply(reply);
    }
  }

  /** The region could not serve it. */
  record Refused<R>(Error error) implements TxnAnswer<R> {
    @Override
    public <T> T fold(
        Function<R, T> done, Function<Error, T> refused, Function<KeyError, T> rejected) {
      return refused.apply(error);
    }
  }

  /** The state of a key forbids it; nothing was changed. */
  record Rejected<R>(KeyError reason) implements TxnAnswer<R> {
    @Override
    public <T> T fold(
        Function<R, T> done, Function<Error, T> refused, Function<KeyError, T> rejected) {
      return rejected.apply(reason);
    }
  }
}

package dev.kittiwake.kv.region;

import dev.kittiwake.proto.errorpb.Error;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Who waits for a proposed entry. Made on the store loop, answered on the apply thread or, if the
 * entry is lost, on the store loop.
 */
sealed interface Pending {
  long index();

  long term();

  /** The entry will not, or may not, be applied. */
  void fail(Error error);

  /** The writes of one entry, in its order. */
  record Writes(long index, long term, List<CompletableFuture<Error>> answers) implements Pending {
    @Override
    public void fail(Error error) {
      for (CompletableFuture<Error> answer : answers) {
        answer.complete(error);
      }
    }
  }

  /** A split. */
  record Splitting(long index, long term, CompletableFuture<SplitResult> answer)
      implements Pending {
    @Override
    public void fail(Error error) {
      answer.complete(new SplitResult.Refused(error));
    }
  }

  /** Any other administrative command; null = done. */
  record Command(long index, long term, CompletableFuture<Error> answer) implements Pending {
    @Override
    public void fail(Error error) {
      answer.complete(error);
    }
  }
}

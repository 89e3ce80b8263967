package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.AllocateIds;
import dev.kittiwake.pd.meta.MetaCommand;
import dev.kittiwake.pd.meta.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Hands out ids from blocks that are reserved through consensus. An id is never handed out twice,
 * by any member; what is left of a block when the leadership changes is lost. Confined to the loop.
 */
final class IdAllocator {
  private record Wanted(int count, CompletableFuture<Long> last) {}

  private final int blockSize;
  private final Function<MetaCommand, CompletableFuture<Outcome>> propose;
  private final Deque<Wanted> wanted = new ArrayDeque<>();
  private long next = 1; // next..end are ours
  private long end;
  private boolean reserving;

  IdAllocator(int blockSize, Function<MetaCommand, CompletableFuture<Outcome>> propose) {
    this.blockSize = blockSize;
    this.propose = propose;
  }

  /** Takes {@code count} consecutive ids; the answer is the last of them. */
  CompletableFuture<Long> allocate(int count) {
    Wanted one = new Wanted(count, new CompletableFuture<>());
    wanted.add(one);
    serve();
    return one.last();
  }

  /** One id if there is one at hand; asks for the next block in time. */
  OptionalLong next() {
    if (end - next + 1 <= blockSize / 4) {
      reserve(blockSize);
    }
    return next <= end ? OptionalLong.of(next++) : OptionalLong.empty();
  }

  /** The leadership is lost: another member may reserve from now on. */
  void reset(Throwable cause) {
    next = 1;
    end = 0;
    while (!wanted.isEmpty()) {
      wanted.poll().last().completeExceptionally(cause);
    }
  }

  private void serve() {
    while (!wanted.isEmpty()) {
      Wanted first = wanted.peek();
      if (end - next + 1 < first.count()) {
        reserve(Math.max(blockSize, first.count()));
        return;
      }
      wanted.poll();
      next += first.count();
      first.last().complete(next - 1);
    }
  }

  private void reserve(long count) {
    if (reserving) {
      return;
    }
    reserving = true;
    propose
        .apply(new AllocateIds(count))
        .whenComplete(
            (outcome, failure) -> {
              reserving = false;
              if (failure != null) {
                reset(failure);
                return;
              }
              end = ((Outcome.Done) outcome).value();
              next = end - count + 1;
              serve();
            });
  }
}

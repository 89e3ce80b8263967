package dev.kittiwake.client.txn;

import dev.kittiwake.client.CallScope;
import java.util.List;

/** A {@link Scan} over what stores answer. */
final class FetchedScan implements Scan {
  private final TxnEnvironment env;
  private final CallScope scope;
  private final ScanFetch fetch;
  private final int batchSize;
  private int nextBatch;
  private List<ScanFetch.Pair> batch = List.of();
  private int at = -1; // the present pair in batch

  FetchedScan(TxnEnvironment env, CallScope scope, ScanFetch fetch, ScanOptions options) {
    this.env = env;
    this.scope = scope;
    this.fetch = fetch;
    this.batchSize =
        options.batchSize() > 0 ? options.batchSize() : env.config.transactions().scanBatch();
    this.nextBatch = options.limitHint() > 0 ? Math.min(options.limitHint(), batchSize) : batchSize;
  }

  @Override
  public boolean next() {
    if (at + 1 < batch.size()) {
      at++;
      return true;
    }
    if (fetch.isDone()) {
      batch = List.of();
      at = -1;
      return false;
    }
    batch = scope.await(fetch.next(nextBatch, env.readBudget(scope, "scan")));
    nextBatch = batchSize;
    at = batch.isEmpty() ? -1 : 0;
    return at == 0;
  }

  @Override
  public byte[] key() {
    return batch.get(at).key();
  }

  @Override
  public byte[] value() {
    return batch.get(at).value();
  }

  @Override
  public void close() {
    batch = List.of();
    at = -1;
  }
}

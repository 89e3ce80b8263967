package dev.kittiwake.kv.background;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.proto.pdpb.ReportMinResolvedTsRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rounds in which a store tells up to which timestamp its regions are complete: a timestamp
 * from the oracle, the word to other stores, and the least of it to the placement driver. A round
 * that takes long is not overtaken by the next. Thread-safe.
 */
public final class ResolvedTsReport implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ResolvedTsReport.class);

  private final long storeId;
  private final PdClient pd;
  private final LongFunction<CompletableFuture<Long>> resolve;
  private final AtomicBoolean running = new AtomicBoolean();

  /**
   * @param resolve tells other stores, given a fresh timestamp; answers the least timestamp up to
   *     which a region led here is complete
   */
  public ResolvedTsReport(
      long storeId, PdClient pd, LongFunction<CompletableFuture<Long>> resolve) {
    this.storeId = storeId;
    this.pd = pd;
    this.resolve = resolve;
  }

  @Override
  public void run() {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    pd.timestamp()
        .thenCompose(resolve::apply)
        .thenCompose(
            least ->
                pd.call(
                    PdMethod.REPORT_MIN_RESOLVED_TS,
                    ReportMinResolvedTsRequest.newBuilder()
                        .setStoreId(storeId)
                        .setMinResolvedTs(least)
                        .build()))
        .whenComplete(
            (reported, failure) -> {
              running.set(false);
              if (failure != null) {
                LOG.debug("store={} no resolved timestamp this time", storeId, failure);
              }
            });
  }
}

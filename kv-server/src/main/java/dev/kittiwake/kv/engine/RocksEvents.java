package dev.kittiwake.kv.engine;

import java.util.function.Consumer;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.Status;

/**
 * Hears of faults that RocksDB meets in its own threads, while it flushes and compacts. Called on
 * those threads.
 *
 * <p>A full disk is none of them: RocksDB goes on when there is room again, and if a write meets it
 * the writer will know.
 */
final class RocksEvents extends AbstractEventListener {
  private final Consumer<EngineException> failed;

  RocksEvents(Consumer<EngineException> failed) {
    super(EnabledEventCallback.ON_BACKGROUND_ERROR);
    this.failed = failed;
  }

  @Override
  public void onBackgroundError(BackgroundErrorReason reason, Status status) {
    if (status.getSubCode() != Status.SubCode.NoSpace) {
      failed.accept(
          new EngineException(
              "the database failed in the background ("
                  + reason
                  + "): "
                  + status.getCodeString()
                  + " "
                  + (status.getState() == null ? "" : status.getState())));
    }
  }
}

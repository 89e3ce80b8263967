package dev.kittiwake.kv.gc;

import dev.kittiwake.client.pd.PdClient;
import dev.kittiwake.kv.StoreRuntime;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.region.CollectGarbage;
import dev.kittiwake.kv.region.RegionAccess;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.pdpb.GetGCStateRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects garbage on one store: asks for the safe point, and when it has moved, goes once over the
 * regions that are worth it, at a limited rate. Regions of which little would go are passed over:
 * what stayed behind at the last visit and what was written since is counted.
 *
 * <p>{@link #poll} and {@link #progress} are thread-safe; a pass is one task after another on the
 * background executor.
 */
public final class GcTask {
  private static final Logger LOG = LoggerFactory.getLogger(GcTask.class);
  private static final int RECORDS_PER_STEP = 4096;
  private static final int WORTH_A_VISIT = 10; // percent of a region's keys
  private static final int FULL_PASS_EVERY = 10; // then all regions are visited
  private static final long COMPACT_BYTES = 64 << 20;

  private final RegionAccess access;
  private final PdClient pd;
  private final StoreRuntime runtime;
  private final Pace pace;
  private final Map<Long, Account> accounts = new HashMap<>(); // of the pass only
  private boolean running; // guarded by this
  private long collected; // safe point of the last complete pass; guarded by this
  private long passes; // of the pass only
  private volatile boolean stopped;
  private volatile GcProgress progress = GcProgress.NONE;

  /**
   * What is known of a region since it was last visited.
   *
   * @param version of its epoch
   * @param peer id of its replica here
   * @param written its written keys at that time
   * @param keys how many it had
   * @param pending versions that were to become garbage
   */
  private record Account(long version, long peer, long written, long keys, long pending) {}

  /**
   * How fast to go.
   *
   * @param bytesPerSecond to read; 0 = no limit
   * @param stretchBytes to read before others have a turn
   */
  public record Pace(long bytesPerSecond, long stretchBytes) {
    long pauseNanos(long bytes) {
      return bytesPerSecond == 0 ? 0 : bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
    }
  }

  public GcTask(RegionAccess access, PdClient pd, StoreRuntime runtime, Pace pace) {
    this.access = access;
    this.pd = pd;
    this.runtime = runtime;
    this.pace = pace;
  }

  public GcProgress progress() {
    return progress;
  }

  public void stop() {
    stopped = true;
  }

  /** Asks the placement driver how far to collect. Called by a timer. */
  public void poll() {
    if (stopped) {
      return;
    }
    pd.call(PdMethod.GET_GC_STATE, GetGCStateRequest.getDefaultInstance())
        .whenComplete(
            (response, failure) -> {
              if (failure == null) {
                onSafePoint(response.getGcState().getGcSafePoint());
              } else {
                LOG.debug("the safe point is not known now", failure);
              }
            });
  }

  private void onSafePoint(long reached) {
    synchronized (this) {
      if (running || stopped || !Timestamp.isAfter(reached, collected)) {
        return;
      }
      running = true;
    }
    runtime.background().execute(() -> guarded(() -> begin(reached)));
  }

  private void begin(long reached) {
    access.collectBelow(reached);
    new Pass(reached).start();
  }

  /** A pass that fails is given up; the next safe point begins another. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (EngineException failure) {
      end(0);
      LOG.warn("event=gc_failed {}", failure.getMessage());
    } catch (RuntimeException failure) { // else no other pass would ever begin
      end(0);
      LOG.error("event=gc_failed", failure);
    }
  }

  private void end(long reached) {
    synchronized (this) {
      running = false;
      collected = Timestamp.max(collected, reached);
    }
  }

  /** One time over the regions of the store. */
  private final class Pass {
    private final long target;
    private final List<RegionView> regions = new ArrayList<>();
    private int at;
    private int skipped;
    private CollectGarbage current; // null between regions
    private long written; // of the current region, when it was begun
    private long keys;
    private long pending;
    private long deletedHere;
    private boolean replaced; // data of the store, while this region was visited
    private KeyRange toCompact; // hull of what was cleaned since the last compaction, or null
    private long toCompactBytes;

    Pass(long target) {
      this.target = target;
    }

    void start() {
      regions.addAll(access.regions());
      Set<Long> here = new HashSet<>();
      regions.forEach(region -> here.add(region.regionId()));
      accounts.keySet().retainAll(here);
      show(true, 0, 0);
      step();
    }

    private void step() {
      long bytes = 0;
      while (bytes < pace.stretchBytes()) {
        if (stopped) {
          return;
        }
        if (at == regions.size()) {
          finish();
          return;
        }
        RegionView region = regions.get(at);
        if (current == null && !begin(region)) {
          continue;
        }
        CollectGarbage.Stretch stretch = current.step(RECORDS_PER_STEP, pace.stretchBytes());
        bytes += stretch.bytes() + 1;
        keys += stretch.keys();
        pending += stretch.pending();
        deletedHere += stretch.deletedBytes();
        replaced |= stretch.anew();
        show(true, stretch.records(), stretch.deleted());
        if (stretch.last()) {
          leave(region);
        }
      }
      long pause = pace.pauseNanos(bytes);
      Runnable next = () -> runtime.background().execute(() -> guarded(this::step));
      if (pause == 0) {
        next.run();
      } else {
        runtime.timer().schedule(next, pause, TimeUnit.NANOSECONDS);
      }
    }

    /** Answers whether the region is worth a visit; if not, goes to the next. */
    private boolean begin(RegionView region) {
      written = access.writtenKeys(region.regionId());
      if (!isWorthIt(accounts.get(region.regionId()), region)) {
        skipped++;
        at++;
        return false;
      }
      keys = 0;
      pending = 0;
      deletedHere = 0;
      replaced = false;
      current = access.collect(region.range(), target);
      return true;
    }

    private boolean isWorthIt(Account account, RegionView region) {
      if (account == null
          || account.version() != region.version()
          || account.peer() != region.peer().getId()
          || written < account.written()
          || passes % FULL_PASS_EVERY == 0) {
        return true;
      }
      long likely = account.pending() + written - account.written();
      return likely > 0 && likely * 100 >= account.keys() * WORTH_A_VISIT;
    }

    private void leave(RegionView region) {
      if (replaced) { // perhaps the data that was counted
        accounts.remove(region.regionId());
      } else {
        accounts.put(
            region.regionId(),
            new Account(region.version(), region.peer().getId(), written, keys, pending));
      }
      if (deletedHere > 0) {
        access.sizeIsUnknown(region.regionId());
        toCompactBytes += deletedHere;
        toCompact =
            toCompact == null
                ? region.range()
                : new KeyRange(toCompact.start(), region.range().end());
        if (toCompactBytes >= COMPACT_BYTES) {
          compact();
        }
      }
      current = null;
      at++;
    }

    private void compact() {
      if (toCompact != null) {
        CollectGarbage.compact(access.engine(), toCompact);
        toCompact = null;
        toCompactBytes = 0;
      }
    }

    private void finish() {
      compact();
      passes++;
      show(false, 0, 0);
      LOG.info(
          "event=gc_pass safe_point={} regions={} skipped={} deleted={}",
          Timestamp.toString(target),
          regions.size(),
          skipped,
          progress.deleted());
      end(target);
    }

    private void show(boolean goesOn, long records, long deleted) {
      GcProgress before = progress;
      progress =
          new GcProgress(
              target,
              goesOn,
              regions.size(),
              at - skipped,
              skipped,
              passes,
              before.records() + records,
              before.deleted() + deleted);
    }
  }
}

package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.proto.key.Key;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a region that is led here should be split, and where: for its size or number of
 * keys, by walking over its data in the background; for its load, from samples.
 *
 * <p>An instance serves one replica; confined to its loop.
 */
final class SplitCheck {
  private static final Logger LOG = LoggerFactory.getLogger(SplitCheck.class);

  /** A region with fewer entries is measured as a whole, of others a beginning is extrapolated. */
  private static final int SAMPLE_ENTRIES = 2_000;

  private final RegionReplica replica;
  private final SplitRule rule;
  private final LoadSplit load;
  private boolean underWay; // a walk or a split

  SplitCheck(RegionReplica replica, SplitRule rule) {
    this.replica = replica;
    this.rule = rule;
    this.load = new LoadSplit(rule.load());
  }

  void onTick() {
    if (!replica.isServing()) {
      load.reset();
      return;
    }
    long tick = replica.ticks();
    if (tick % rule.load().windowTicks() == 0) {
      Key hot = load.onWindow(replica.load());
      if (hot != null && !underWay) {
        split(List.of(hot), "for its load", false);
        return;
      }
    }
    // Regions take their turns: not all of a store are looked at in the same tick.
    if (underWay || (tick + replica.regionId()) % rule.everyTicks() != 0) {
      return;
    }
    RegionSize size = replica.size();
    if (!size.measured()) {
      measure();
    } else if (rule.isTooLarge(size.estimate()) && size.worthALook(rule.diffBytes())) {
      findCuts();
    }
  }

  /** No look is under way or due. */
  boolean isIdle() {
    RegionSize size = replica.size();
    boolean due = rule.isTooLarge(size.estimate()) && size.worthALook(rule.diffBytes());
    return !underWay && !due;
  }

  /** Finds out how large the region is, roughly if it is large. */
  private void measure() {
    inBackground(
        (snapshot, mark) -> {
          SplitKeys walked = new SplitKeys(rule, snapshot.view().range().start());
          AtomicLong left = new AtomicLong(SAMPLE_ENTRIES);
          boolean all =
              RegionScan.walk(
                  snapshot,
                  (family, key, bytes) -> {
                    walked.onEntry(family, key, bytes);
                    return left.decrementAndGet() > 0;
                  });
          RegionSize.Measure found = walked.measure();
          RegionSize.Measure measure = all ? found : extrapolate(snapshot.view(), found);
          return () -> replica.size().correct(mark, measure);
        });
  }

  private RegionSize.Measure extrapolate(RegionView view, RegionSize.Measure sample) {
    byte[] from = EngineKeys.dataStart(view.range());
    byte[] to = EngineKeys.dataEnd(view.range());
    long bytes = 0;
    for (Family family : List.of(Family.DEFAULT, Family.WRITE)) {
      bytes += replica.context().engine().approximateSize(family, from, to);
    }
    long whole = Math.max(bytes, sample.bytes());
    double factor = (double) whole / Math.max(1, sample.bytes());
    return new RegionSize.Measure(
        whole, (long) (sample.values() * factor), (long) (sample.writes() * factor));
  }

  private void findCuts() {
    replica.size().looking();
    inBackground(
        (snapshot, mark) -> {
          SplitKeys cuts = new SplitKeys(rule, snapshot.view().range().start());
          boolean all = RegionScan.walk(snapshot, cuts::onEntry);
          return () -> {
            if (all) {
              replica.size().correct(mark, cuts.measure());
            }
            if (!cuts.keys().isEmpty()) {
              split(cuts.keys(), "for its size", !all);
            }
          };
        });
  }

  /** Splits the region in two of about the same size, on demand. */
  CompletableFuture<SplitResult> halve(RegionView view) {
    CompletableFuture<SplitResult> answer = new CompletableFuture<>();
    inBackground(
        (snapshot, mark) -> {
          Key middle = middle(snapshot);
          return () -> {
            if (middle == null) {
              answer.complete(
                  new SplitResult.Refused(
                      RegionErrors.other(
                          "cannot split region " + view.regionId() + ": it has too few keys")));
            } else {
              Split.start(replica, view, List.of(middle)).thenAccept(answer::complete);
            }
          };
        });
    return answer;
  }

  private Key middle(RegionSnapshot snapshot) {
    AtomicLong total = new AtomicLong();
    RegionScan.walk(
        snapshot,
        (family, key, bytes) -> {
          total.addAndGet(bytes);
          return true;
        });
    Key start = snapshot.view().range().start();
    AtomicLong walked = new AtomicLong();
    Key[] middle = new Key[1];
    RegionScan.walk(
        snapshot,
        (family, key, bytes) -> {
          Key candidate = SplitKeys.withoutTimestamp(key);
          if (walked.getAndAdd(bytes) * 2 >= total.get() && candidate.compareTo(start) > 0) {
            middle[0] = candidate;
            return false;
          }
          return true;
        });
    return middle[0];
  }

  /**
   * @param more whether the walk that found the keys did not come to the end: what remains is cut
   *     at once. A region that goes on splitting for long can be given to no new member, as no
   *     snapshot of it arrives before it has other bounds.
   */
  private void split(List<Key> keys, String why, boolean more) {
    underWay = true;
    RegionView view = replica.face().view();
    LOG.info(
        "store={} region={} is split {} into {} regions",
        replica.context().storeId(),
        replica.regionId(),
        why,
        keys.size() + 1);
    Split.start(replica, view, keys)
        .whenComplete(
            (result, failure) ->
                replica.execute(
                    () -> {
                      underWay = false;
                      if (result instanceof SplitResult.Refused refused) {
                        replica.size().lookAgain();
                        LOG.info(
                            "store={} region={} was not split: {}",
                            replica.context().storeId(),
                            replica.regionId(),
                            refused.error().getMessage());
                      } else if (more && failure == null && replica.isServing()) {
                        findCuts();
                      }
                    }));
  }

  /** Looks at the region's data in the background; gives what is then to be done on the loop. */
  private interface Look {
    Runnable at(RegionSnapshot snapshot, RegionSize.Mark mark);
  }

  private void inBackground(Look look) {
    underWay = true;
    RegionView view = replica.face().view();
    RegionSize.Mark mark = replica.size().mark();
    replica
        .context()
        .looks()
        .execute(
            () -> {
              Runnable next;
              try (RegionSnapshot snapshot =
                  new RegionSnapshot(replica.context().engine().snapshot(), view)) {
                next = look.at(snapshot, mark);
              } catch (RuntimeException failure) {
                // An engine that is being closed, or broken: that is told where it matters.
                LOG.debug("region {} could not be looked at", view.regionId(), failure);
                next = () -> replica.size().lookAgain();
              }
              Runnable then = next;
              replica.execute(
                  () -> {
                    underWay = false;
                    boolean same =
                        !replica.isDestroyed() && replica.face().version() == view.version();
                    if (same) {
                      then.run();
                    }
                  });
            });
  }
}

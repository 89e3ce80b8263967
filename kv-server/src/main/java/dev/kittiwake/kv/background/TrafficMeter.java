package dev.kittiwake.kv.background;

import dev.kittiwake.kv.region.RegionReport.Traffic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was read and written between two reports of a region. Regions are also reported out of turn,
 * and time is told in whole seconds: of a moment no rate can be made. What comes in such a moment
 * counts with what follows. Not thread-safe.
 */
final class TrafficMeter {
  /** Of fewer seconds, whole ones, a rate would mostly be chance. */
  private static final long MIN_SECONDS = 3;

  private final Map<Long, Sent> sent = new LinkedHashMap<>(); // by region; where counting begins

  private record Sent(Traffic traffic, long second) {}

  /**
   * What was counted in the seconds from {@code begin} to {@code end}.
   *
   * @param traffic the difference
   */
  record Flow(Traffic traffic, long begin, long end) {}

  /**
   * The flow since the last one that was answered; none if that was just now, or never: a leader
   * cannot tell what was before it.
   *
   * @param total since the replica was made
   * @param second now
   */
  Optional<Flow> next(long regionId, Traffic total, long second) {
    Sent before = sent.get(regionId);
    if (before == null || before.traffic().writtenBytes() > total.writtenBytes()) {
      sent.put(regionId, new Sent(total, second));
      return Optional.empty();
    }
    if (second - before.second() < MIN_SECONDS) {
      return Optional.empty();
    }
    sent.put(regionId, new Sent(total, second));
    Traffic then = before.traffic();
    return Optional.of(
        new Flow(
            new Traffic(
                total.writtenBytes() - then.writtenBytes(),
                total.writtenKeys() - then.writtenKeys(),
                Math.max(0, total.readBytes() - then.readBytes()),
                Math.max(0, total.readKeys() - then.readKeys())),
            before.second(),
            second));
  }
}

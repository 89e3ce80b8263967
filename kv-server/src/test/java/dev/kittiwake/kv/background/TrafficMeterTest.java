package dev.kittiwake.kv.background;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kittiwake.kv.region.RegionReport.Traffic;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrafficMeterTest {
  private final TrafficMeter meter = new TrafficMeter();

  private Optional<TrafficMeter.Flow> report(long writtenBytes, long second) {
    return meter.next(7, new Traffic(writtenBytes, writtenBytes / 10, 0, 0), second);
  }

  private static Optional<TrafficMeter.Flow> flow(long writtenBytes, long begin, long end) {
    return Optional.of(
        new TrafficMeter.Flow(new Traffic(writtenBytes, writtenBytes / 10, 0, 0), begin, end));
  }

  @Test
  void reportsInTheSameMomentLoseNothing() {
    assertEquals(Optional.empty(), report(1_000, 100));
    assertEquals(Optional.empty(), report(1_500, 100)); // a member has changed
    assertEquals(Optional.empty(), report(1_700, 101));
    assertEquals(flow(1_000, 100, 110), report(2_000, 110));
    assertEquals(flow(0, 110, 120), report(2_000, 120));
  }

  @Test
  void countingBeginsAnewWithAnotherReplica() {
    assertEquals(Optional.empty(), report(5_000, 100));
    assertEquals(Optional.empty(), report(200, 110));
    assertEquals(flow(100, 110, 120), report(300, 120));
  }
}

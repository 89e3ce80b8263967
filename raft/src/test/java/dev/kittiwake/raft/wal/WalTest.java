package dev.kittiwake.raft.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.HardState;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.driver.LogStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shared log through crashes, reuse and damage. Rounds run when {@link #drain} is called. */
class WalTest {
  private static final WalConfig SMALL = new WalConfig(1024, 4, 2, 1 << 20, 4096);

  private final ArrayDeque<Runnable> rounds = new ArrayDeque<>();
  private final List<String> durable = new ArrayList<>();
  private long nanos;

  private Wal open(WalDirectory directory, WalConfig config) throws IOException {
    rounds.clear();
    return Wal.open(directory, config, rounds::add, () -> nanos);
  }

  private void drain() {
    while (!rounds.isEmpty()) {
      rounds.poll().run();
    }
  }

  private static Entry entry(long index, long term, int bytes) {
    byte[] payload = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      payload[i] = (byte) (index * 31 + term * 7 + i);
    }
    return new Entry(index, term, Entry.Kind.COMMAND, payload);
  }

  private static List<Entry> entries(long from, long to, long term, int bytes) {
    List<Entry> entries = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      entries.add(entry(index, term, bytes));
    }
    return entries;
  }

  private static List<Entry> all(LogStore log) {
    long first = log.start().index() + 1;
    return log.entries(first, log.lastIndex() + 1, Long.MAX_VALUE);
  }

  @Test
  void oneForceMakesTheAppendsOfAllGroupsDurable() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    int before = disk.forces;
    for (long group = 1; group <= 5; group++) {
      String name = "group " + group;
      wal.group(group)
          .append(new HardState(1, group, 0), entries(1, 2, 1, 10), () -> durable.add(name));
      assertEquals(entries(1, 2, 1, 10), all(wal.group(group)), "readable before it is durable");
    }
    assertEquals(List.of(), durable);
    drain();
    assertEquals(5, durable.size());
    assertEquals(1, disk.forces - before);
  }

  @Test
  void everythingForcedIsFoundAgain() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    wal.group(1).append(new HardState(3, 2, 0), entries(1, 9, 3, 100), () -> {});
    wal.group(1).append(new HardState(4, 0, 4), entries(7, 8, 4, 50), () -> {});
    wal.group(2).restart(new LogPosition(5, 5), new HardState(5, 0, 5), () -> {});
    wal.group(1).compact(new LogPosition(3, 3));
    wal.group(3).append(new HardState(1, 1, 0), List.of(), () -> {});
    List<String> gone = new ArrayList<>();
    wal.group(3).destroy(() -> gone.add("group 3"));
    assertEquals(List.of(), gone, "a power cut could bring it back");
    drain();
    assertEquals(List.of("group 3"), gone);
    Wal again = open(disk.crash(), SMALL);
    assertEquals(new TreeSet<>(List.of(1L, 2L)), again.groups());
    LogStore one = again.group(1);
    assertEquals(new HardState(4, 0, 4), one.hardState());
    assertEquals(new LogPosition(3, 3), one.start());
    List<Entry> expected = new ArrayList<>(entries(4, 6, 3, 100));
    expected.addAll(entries(7, 8, 4, 50));
    assertEquals(expected, all(one));
    assertEquals(OptionalLong.of(3), one.term(3));
    assertEquals(OptionalLong.empty(), one.term(2));
    assertEquals(new LogPosition(5, 5), again.group(2).start());
    assertEquals(new HardState(5, 0, 5), again.group(2).hardState());
  }

  /**
   * The last record is cut at every byte, and also followed by garbage; what came before is always
   * whole.
   */
  @Test
  void aTailTornAtAnyByteIsCut() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    wal.group(1).append(new HardState(1, 1, 0), entries(1, 3, 1, 20), () -> {});
    drain();
    byte[] before = disk.files.firstEntry().getValue().bytes.clone();
    wal.group(1).append(new HardState(2, 2, 1), entries(4, 6, 2, 20), () -> {});
    drain();
    byte[] after = disk.files.firstEntry().getValue().bytes.clone();
    int from = 0;
    int to = after.length;
    while (before[from] == after[from]) {
      from++;
    }
    while (before[to - 1] == after[to - 1]) {
      to--;
    }
    for (int cut = from; cut < to; cut++) {
      for (boolean garbage : new boolean[] {false, true}) {
        byte[] torn = after.clone();
        for (int i = cut; i < torn.length; i++) {
          torn[i] = garbage && i < to ? (byte) (torn[i] ^ 0x5A) : before[i];
        }
        SimulatedDirectory crashed = disk.crash();
        crashed.files.firstEntry().getValue().bytes = torn;
        Wal again = open(crashed, SMALL);
        assertEquals(entries(1, 3, 1, 20), all(again.group(1)), "cut at " + cut);
        again
            .group(1)
            .append(new HardState(3, 3, 0), entries(4, 4, 3, 20), () -> durable.add("after"));
        drain();
        assertEquals(
            4, open(crashed.crash(), SMALL).group(1).lastIndex(), "goes on after a cut at " + cut);
      }
    }
  }

  @Test
  void damageBelowWhatWasDurableIsReportedNotCut() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    wal.group(1).append(new HardState(1, 1, 0), entries(1, 2, 1, 20), () -> {});
    drain();
    wal.group(1).append(new HardState(1, 1, 0), entries(3, 4, 1, 20), () -> {});
    drain();
    SimulatedDirectory damaged = disk.crash();
    damaged.files.firstEntry().getValue().bytes[Segment.HEADER_BYTES + Record.RESUME_BYTES + 60] ^=
        1;
    IOException refused = assertThrows(IOException.class, () -> open(damaged, SMALL));
    assertTrue(refused.getMessage().contains("damaged at byte"), refused.getMessage());
  }

  @Test
  void aMissingSegmentIsReported() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    wal.group(1).append(new HardState(1, 1, 0), entries(1, 40, 1, 100), () -> {});
    drain();
    SimulatedDirectory damaged = disk.crash();
    damaged.files.remove(damaged.files.firstKey());
    IOException refused = assertThrows(IOException.class, () -> open(damaged, SMALL));
    assertTrue(refused.getMessage().contains("segment 1 is missing"), refused.getMessage());
  }

  @Test
  void segmentsAreReleasedAndReusedWhenGroupsMoveOn() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    for (long index = 1; index <= 2_000; index++) {
      wal.group(1).append(null, entries(index, index, 1, 100), () -> {});
      if (index > 5) {
        wal.group(1).compact(new LogPosition(index - 5, 1));
      }
      drain();
    }
    assertTrue(disk.files.size() <= 6, "files: " + disk.files.keySet());
    assertEquals(disk.files.size() * 1024L, wal.bytesOnDisk());
    assertEquals(entries(1996, 2000, 1, 100), all(open(disk.crash(), SMALL).group(1)));
  }

  /** Every kilobyte of what a reused file held before looks like the head of a large record. */
  @Test
  void recoveryReadsALogOnceWhateverItsReusedFilesHeldBefore() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, new WalConfig(4 << 20, 4, 2, 1 << 20, 4096));
    ByteBuffer lookalikes = ByteBuffer.allocate(512 << 10);
    for (int at = 0; at < lookalikes.capacity(); at += 1024) {
      lookalikes.putInt(at, 2 << 20).put(at + 8, Record.FORMAT).put(at + 9, Record.APPEND);
      lookalikes.putLong(at + 10, Long.MAX_VALUE);
    }
    for (long index = 1; index <= 36; index++) {
      Entry entry = new Entry(index, 1, Entry.Kind.COMMAND, lookalikes.array());
      wal.group(1).append(null, List.of(entry), () -> {});
      wal.group(1).compact(new LogPosition(index - 1, index == 1 ? 0 : 1));
      drain();
    }
    SimulatedDirectory crashed = disk.crash();
    assertEquals(36, open(crashed, SMALL).group(1).lastIndex());
    assertTrue(
        crashed.bytesRead < 4 * wal.bytesOnDisk(),
        crashed.bytesRead + " bytes read of " + wal.bytesOnDisk());
  }

  @Test
  void anIdleGroupDoesNotPinOldSegments() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    wal.group(7).append(new HardState(9, 3, 2), entries(1, 3, 9, 30), () -> {});
    wal.group(8).append(new HardState(4, 1, 0), List.of(), () -> {});
    for (long index = 1; index <= 500; index++) {
      wal.group(1).append(null, entries(index, index, 1, 100), () -> {});
      if (index > 5) {
        wal.group(1).compact(new LogPosition(index - 5, 1));
      }
      drain();
    }
    assertTrue(disk.files.size() <= 8, "files: " + disk.files.keySet());
    assertEquals(entries(1, 3, 9, 30), all(wal.group(7)));
    Wal again = open(disk.crash(), SMALL);
    assertEquals(entries(1, 3, 9, 30), all(again.group(7)));
    assertEquals(new HardState(9, 3, 2), again.group(7).hardState());
    assertEquals(new HardState(4, 1, 0), again.group(8).hardState());
  }

  @Test
  void anEntryLargerThanASegmentGetsItsOwn() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    wal.group(1).append(null, entries(1, 1, 1, 5_000), () -> durable.add("large"));
    wal.group(1).append(null, entries(2, 2, 1, 10), () -> {});
    drain();
    assertEquals(List.of("large"), durable);
    Wal again = open(disk.crash(), SMALL);
    assertArrayEquals(
        entry(1, 1, 5_000).payload(), again.group(1).entries(1, 2, 1).get(0).payload());
    assertEquals(2, again.group(1).lastIndex());
  }

  @Test
  void anErrorOfTheDiskIsFinal() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    disk.failForce = true;
    wal.group(1).append(null, entries(1, 1, 1, 10), () -> durable.add("lost"));
    drain();
    assertTrue(wal.failed().isDone());
    disk.failForce = false;
    wal.group(1).append(null, entries(2, 2, 1, 10), () -> durable.add("later"));
    drain();
    assertEquals(List.of(), durable);
  }

  /** What a retry reports as durable may be gone: so there is none, and nothing else is written. */
  @Test
  void aFailedForceIsNeverRepeated() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    wal.group(1).append(new HardState(1, 1, 0), entries(1, 1, 1, 10), () -> durable.add("kept"));
    drain();
    wal.group(1).append(null, entries(2, 2, 1, 10), () -> durable.add("lost"));
    disk.failForce = true;
    drain();
    disk.failForce = false;
    int changes = disk.changes;
    wal.group(1).append(null, entries(3, 3, 1, 10), () -> durable.add("later"));
    wal.group(2).append(new HardState(9, 9, 0), List.of(), () -> durable.add("another group"));
    drain();
    wal.close();
    assertEquals(changes, disk.changes, "the disk was touched after the error");
    assertEquals(List.of("kept"), durable);
    assertEquals(1, open(disk.crash(), SMALL).group(1).lastIndex());
  }

  @Test
  void openingALogWritesNothing() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    wal.group(1).append(new HardState(1, 1, 0), entries(1, 30, 1, 100), () -> {});
    drain();
    wal.group(1).compact(new LogPosition(25, 1));
    wal.group(1).append(null, entries(31, 40, 1, 100), () -> {});
    drain();
    SimulatedDirectory crashed = disk.crash();
    for (int i = 0; i < 3; i++) {
      Wal again = open(crashed, SMALL);
      assertEquals(40, again.group(1).lastIndex());
      assertEquals(entries(26, 40, 1, 100), all(again.group(1)));
      again.close();
    }
    assertEquals(0, crashed.changes);
  }

  /** A store on a full disk must come up, take part in elections and cut its log. */
  @Test
  void aLogOpensAndGoesOnWithoutRoomOnTheDisk() throws IOException {
    for (int filled = 0; filled < 12; filled++) {
      SimulatedDirectory disk = new SimulatedDirectory();
      Wal wal = open(disk, SMALL);
      wal.group(1).append(new HardState(1, 1, 0), entries(1, 20 + filled, 1, 60), () -> {});
      wal.group(1).compact(new LogPosition(20, 1));
      drain();
      wal.group(2).append(new HardState(1, 1, 0), List.of(), () -> {}); // rolls and purges
      drain();
      SimulatedDirectory crashed = disk.crash();
      crashed.full = true;
      Wal again = open(crashed, SMALL);
      long term = 2 + filled;
      again
          .group(1)
          .append(new HardState(term, 3, 0), List.of(), () -> durable.add("vote in " + term));
      drain();
      assertFalse(again.failed().isDone(), "filled " + filled + ": " + again.failed());
      assertTrue(durable.contains("vote in " + term));
      assertEquals(term, open(crashed.crash(), SMALL).group(1).hardState().term());
    }
  }

  /**
   * R18: while a round is being forced, the next ones are gathered, and the writer's buffer is used
   * again. What was reported as durable must be on the disk as it was given, whenever the power
   * fails.
   */
  @Test
  void r18NoBufferIsUsedAgainBeforeItIsDurable() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, new WalConfig(64 << 10, 4, 2, 0, 4096)); // no cache: entries are re-read
    long[] next = {1};
    long[] reported = {0};
    disk.onForce =
        () -> {
          if (next[0] <= 400) {
            long first = next[0];
            next[0] += 3;
            // Larger than the buffer, and smaller: it grows and shrinks under way.
            int bytes = first % 5 == 0 ? 6_000 : 150;
            wal.group(1)
                .append(
                    new HardState(first, 1, 0),
                    entries(first, first + 2, first, bytes),
                    () -> reported[0] = first + 2);
          }
        };
    wal.group(2).append(new HardState(1, 1, 0), List.of(), () -> {});
    for (int round = 0; round < 100 && next[0] <= 400; round++) {
      if (rounds.isEmpty()) {
        wal.group(2).append(new HardState(round + 2, 1, 0), List.of(), () -> {});
      }
      rounds.remove().run();
      long durableTo = reported[0];
      disk.onForce.run(); // and once between two forces
      LogStore found =
          Wal.open(disk.crash(), new WalConfig(64 << 10, 4, 2, 0, 4096), task -> {}, () -> 0L)
              .group(1);
      assertTrue(found.lastIndex() >= durableTo, found.lastIndex() + " < " + durableTo);
      for (Entry entry : all(found)) {
        long first = entry.index() - (entry.index() - 1) % 3;
        assertEquals(entry(entry.index(), first, first % 5 == 0 ? 6_000 : 150), entry);
      }
    }
    assertTrue(reported[0] > 100, "reported up to " + reported[0]);
  }

  @Test
  void theAgeOfAnUnfinishedSyncIsSeen() throws IOException {
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, SMALL);
    assertEquals(0, wal.oldestUnfinishedSyncNanos());
    nanos = 100;
    wal.group(1).append(null, entries(1, 1, 1, 10), () -> {});
    nanos = 150;
    assertEquals(50, wal.oldestUnfinishedSyncNanos());
    List<Long> duringForce = new ArrayList<>();
    disk.onForce = () -> duringForce.add(wal.oldestUnfinishedSyncNanos());
    drain();
    assertEquals(List.of(50L), duringForce);
    assertEquals(0, wal.oldestUnfinishedSyncNanos());
  }

  @Test
  void entriesOutsideTheCacheAreReadFromDisk() throws IOException {
    Wal wal = open(new SimulatedDirectory(), new WalConfig(64 << 10, 4, 2, 500, 4096));
    for (long index = 1; index <= 200; index++) {
      wal.group(1).append(null, entries(index, index, 1, 50), () -> {});
      drain();
    }
    assertEquals(entries(1, 200, 1, 50), all(wal.group(1)));
    assertEquals(2, wal.group(1).entries(10, 100, 100).size());
  }

  /**
   * It would be applied, sent to other replicas, or copied into another file as if it were true.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheDiskChangedIsNotReadAsAnEntry(boolean afterStart) throws IOException {
    WalConfig small = new WalConfig(64 << 10, 4, 2, 100, 4096);
    SimulatedDirectory disk = new SimulatedDirectory();
    Wal wal = open(disk, small);
    wal.group(1).append(null, entries(1, 20, 1, 50), () -> {});
    drain();
    if (afterStart) {
      disk = disk.crash();
      wal = open(disk, small);
    }
    turnABit(disk, entry(7, 1, 50).payload());
    LogStore log = wal.group(1);
    assertEquals(entries(1, 6, 1, 50), log.entries(1, 7, Long.MAX_VALUE));
    UncheckedIOException refused =
        assertThrows(UncheckedIOException.class, () -> log.entries(7, 8, Long.MAX_VALUE));
    assertTrue(refused.getMessage().contains("entry 7 of group 1"), refused.getMessage());
    assertTrue(refused.getMessage().contains("restore this store"), refused.getMessage());
    assertTrue(wal.failed().isDone(), "the store goes on");
  }

  private static void turnABit(SimulatedDirectory disk, byte[] payload) {
    byte[] bytes = disk.files.firstEntry().getValue().bytes;
    for (int at = 0; at + payload.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + payload.length, payload, 0, payload.length)) {
        bytes[at + 3] ^= 1;
        return;
      }
    }
    throw new AssertionError("the entry is not in the first file");
  }

  @Test
  void aRealDirectoryWorksTheSame(@TempDir Path directory) throws IOException {
    try (Wal wal = open(new FileWalDirectory(directory), SMALL)) {
      wal.group(1)
          .append(new HardState(2, 1, 3), entries(1, 30, 2, 100), () -> durable.add("done"));
      drain();
    }
    assertEquals(List.of("done"), durable);
    try (Wal wal = open(new FileWalDirectory(directory), SMALL)) {
      assertEquals(entries(1, 30, 2, 100), all(wal.group(1)));
      assertEquals(new HardState(2, 1, 3), wal.group(1).hardState());
    }
  }

  /**
   * Random work and power cuts that keep any part of what was not forced, against a model of what
   * was acknowledged.
   */
  @Test
  void noAcknowledgedWriteIsEverLost() throws IOException {
    for (long seed = 1; seed <= 400; seed++) {
      try {
        new RandomWork(seed).run();
      } catch (RuntimeException | IOException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private final class RandomWork {
    private final SplittableRandom random;
    private SimulatedDirectory disk = new SimulatedDirectory();
    private Wal wal;
    private final List<Model> models = new ArrayList<>();

    /** One group: each state its log has been in since the last one acknowledged. */
    private static final class Model {
      final List<String> possible = new ArrayList<>();
      int acknowledged;
    }

    RandomWork(long seed) throws IOException {
      random = new SplittableRandom(seed);
      wal = open(disk, SMALL);
      for (int i = 0; i < 3; i++) {
        Model model = new Model();
        model.possible.add(describe(wal.group(i + 1)));
        models.add(model);
      }
    }

    void run() throws IOException {
      for (int i = 0; i < 150; i++) {
        act(1 + random.nextInt(3));
        if (random.nextInt(3) == 0) {
          drain();
        }
        if (random.nextInt(25) == 0) {
          crash();
        }
      }
      crash();
    }

    private void act(int group) {
      LogStore log = wal.group(group);
      Model model = models.get(group - 1);
      int version = model.possible.size();
      Runnable ack = () -> model.acknowledged = Math.max(model.acknowledged, version);
      long start = log.start().index();
      long last = log.lastIndex();
      long term = Math.max(log.hardState().term(), 1) + random.nextInt(2);
      switch (random.nextInt(12)) {
        case 0 -> {
          long upTo = start + random.nextLong(last - start + 1);
          if (upTo == start) {
            return;
          }
          log.compact(new LogPosition(upTo, log.term(upTo).getAsLong()));
        }
        case 1 ->
            log.restart(new LogPosition(last + 5, term), new HardState(term, 0, last + 5), ack);
        case 2 ->
            log.append(
                new HardState(term, random.nextInt(4), log.hardState().commit()), List.of(), ack);
        default -> {
          long from =
              random.nextInt(4) == 0 ? start + 1 + random.nextLong(last - start + 1) : last + 1;
          int bytes = random.nextInt(20) == 0 ? 1500 : random.nextInt(120);
          HardState hardState = new HardState(term, 0, Math.min(start, last));
          log.append(hardState, entries(from, from + random.nextInt(3), term, bytes), ack);
        }
      }
      model.possible.add(describe(log));
    }

    /** After a crash each log is in a state it had, not older than the newest acknowledged. */
    private void crash() throws IOException {
      rounds.clear();
      disk = disk.crash(random);
      wal = open(disk, SMALL);
      for (int i = 0; i < models.size(); i++) {
        Model model = models.get(i);
        String found = describe(wal.group(i + 1));
        int at = model.possible.lastIndexOf(found);
        assertFalse(
            at < 0,
            "group "
                + (i + 1)
                + " was never in the state\n"
                + found
                + "\nlast was\n"
                + model.possible.get(model.possible.size() - 1));
        assertTrue(at >= model.acknowledged, "group " + (i + 1) + " went back to " + found);
        model.possible.clear();
        model.possible.add(found);
        model.acknowledged = 0;
      }
    }

    private String describe(LogStore log) {
      StringBuilder text = new StringBuilder();
      text.append(log.start())
          .append(' ')
          .append(log.hardState().term())
          .append(' ')
          .append(log.hardState().vote());
      for (Entry entry : all(log)) {
        text.append(' ')
            .append(entry.index())
            .append('@')
            .append(entry.term())
            .append('#')
            .append(entry.hashCode());
      }
      return text.toString();
    }
  }
}

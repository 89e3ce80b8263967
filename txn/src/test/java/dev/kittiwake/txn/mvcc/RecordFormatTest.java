package dev.kittiwake.txn.mvcc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.key.Key;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of lock and write records. */
class RecordFormatTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  void theWorkedExampleOfALock() {
    Lock lock = lock(LockType.PUT, new byte[] {0x76}, 0, 0, 0, false, List.of(), LockMarks.NONE);
    assertEquals("50026b0ab817760176", HEX.formatHex(lock.encode()));
  }

  @Test
  void aLockWithEveryField() {
    LockMarks marks = new LockMarks(List.of(7L), new LastChange(5, 3), 9, true, 2);
    Lock lock =
        lock(LockType.DELETE, null, 11, 12, 13, true, List.of(Key.of("s"), Key.of("t")), marks);
    assertEquals(
        "44026b0ab817"
            + "66000000000000000b"
            + "74000000000000000c"
            + "63000000000000000d"
            + "6102027302"
            + "74"
            + "72010000000000000007"
            + "6c000000000000000503"
            + "7309"
            + "46"
            + "670000000000000002",
        HEX.formatHex(lock.encode()));
    Lock parsed = Lock.parse(lock.encode());
    assertEquals(lock, parsed);
    assertArrayEquals(lock.encode(), parsed.encode());
  }

  @Test
  void theWorkedExamplesOfWrites() {
    Write put = Write.committed(WriteType.PUT, 10, new byte[] {0x76});
    assertEquals("500a760176", HEX.formatHex(put.encode()));
    assertEquals("520a760170", HEX.formatHex(Write.rollback(10, true).encode()));
    assertEquals("520a", HEX.formatHex(Write.rollback(10, false).encode()));
    Write full = new Write(WriteType.PUT, 300, new byte[] {1}, true, 5, new LastChange(6, 200), 1);
    assertEquals(
        "50ac02" + "760101" + "52" + "460000000000000005" + "6c0000000000000006c801" + "5301",
        HEX.formatHex(full.encode()));
    assertArrayEquals(full.encode(), Write.parse(full.encode()).encode());
  }

  @Test
  void unknownTagsEndTheReading() {
    Lock lock = Lock.parse(HEX.parseHex("50026b0ab817760176" + "5a0102" + "63000000000000000d"));
    assertArrayEquals(new byte[] {0x76}, lock.shortValue());
    assertEquals(0, lock.minCommitTs());
    Write write = Write.parse(HEX.parseHex("500a" + "7a99" + "52"));
    assertNull(write.shortValue());
    assertEquals(10, write.startTs());
    assertTrue(!write.overlappedRollback());
  }

  @Test
  void timestampsUseAllTheirBits() {
    Lock lock = Lock.parse(withStart(-2).encode());
    assertEquals(-2, lock.startTs());
    assertEquals(-2, Write.parse(Write.rollback(-2, true).encode()).startTs());
  }

  @Test
  void shortValuesEndAt255Bytes() {
    byte[] longest = new byte[255];
    Arrays.fill(longest, (byte) 7);
    Write write = Write.parse(Write.committed(WriteType.PUT, 1, longest).encode());
    assertArrayEquals(longest, write.shortValue());
    assertThrows(
        IllegalArgumentException.class,
        () -> lock(LockType.PUT, new byte[256], 0, 0, 0, false, List.of(), LockMarks.NONE));
  }

  @Test
  void cutOrBrokenRecordsAreRefusedAndNeverCrashOtherwise() {
    LockMarks marks = new LockMarks(List.of(7L), new LastChange(5, 3), 9, true, 2);
    byte[] whole =
        lock(LockType.PUT, new byte[] {1, 2}, 11, 12, 13, true, List.of(Key.of("s")), marks)
            .encode();
    long seed = Long.getLong("seed", 19); // the same in every build; others explore
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] broken = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
      for (int flips = random.nextInt(3); flips > 0 && broken.length > 0; flips--) {
        broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        Lock parsed = Lock.parse(broken);
        assertEquals(
            HEX.formatHex(parsed.encode()),
            HEX.formatHex(Lock.parse(parsed.encode()).encode()),
            "seed " + seed);
      } catch (IllegalArgumentException refused) {
        assertTrue(refused.getMessage() != null, "seed " + seed);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> Lock.parse(new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> Write.parse(new byte[] {'X', 1}));
  }

  private static Lock withStart(long startTs) {
    return new Lock(
        LockType.PUT, Key.of("k"), startTs, 1, null, 0, 0, 0, false, List.of(), LockMarks.NONE);
  }

  private static Lock lock(
      LockType type,
      byte[] value,
      long forUpdateTs,
      long txnSize,
      long minCommitTs,
      boolean async,
      List<Key> secondaries,
      LockMarks marks) {
    return new Lock(
        type,
        Key.of("k"),
        10,
        3000,
        value,
        forUpdateTs,
        txnSize,
        minCommitTs,
        async,
        secondaries,
        marks);
  }
}

package dev.kittiwake.raft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
  @Test
  void everyMessageComesBackEqual() {
    TreeSet<String> seen = new TreeSet<>();
    for (long seed = 1; seed <= 5_000; seed++) {
      Message message = message(new SplittableRandom(seed));
      seen.add(message.getClass().getSimpleName());
      assertEquals(message, MessageCodec.decode(MessageCodec.encode(message)), "seed " + seed);
    }
    assertEquals(Message.class.getPermittedSubclasses().length, seen.size());
  }

  /**
   * Damaged bytes give a message or an IllegalArgumentException, nothing else, and no huge
   * allocation.
   */
  @Test
  void damagedBytesAreRefusedCleanly() {
    for (long seed = 1; seed <= 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = MessageCodec.encode(message(random));
      byte[] damaged =
          random.nextBoolean() ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
      for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        Message decoded = MessageCodec.decode(damaged);
        assertEquals(decoded, MessageCodec.decode(MessageCodec.encode(decoded)), "seed " + seed);
      } catch (IllegalArgumentException refused) {
        assertEquals(IllegalArgumentException.class, refused.getClass(), "seed " + seed);
      }
    }
  }

  @Test
  void anUnknownFormatIsNamed() {
    byte[] bytes = MessageCodec.encode(new HeartbeatReply(1, 2, 3, 4));
    assertArrayEquals(new byte[] {1, 7, 1, 2, 3, 4}, bytes);
    bytes[0] = 9;
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> MessageCodec.decode(bytes));
    assertEquals("unknown format 9 of a raft message, this version reads 1", refused.getMessage());
  }

  private static Message message(SplittableRandom random) {
    long from = number(random);
    long to = number(random);
    long term = number(random);
    return switch (random.nextInt(12)) {
      case 0 -> append(from, to, term, random);
      case 1 -> new AppendReply(from, to, term, number(random), number(random));
      case 2 ->
          new AppendRejected(from, to, term, number(random), position(random), number(random));
      case 3 ->
          new Vote(
              from,
              to,
              term,
              position(random),
              position(random),
              random.nextBoolean(),
              random.nextInt(3) - 1);
      case 4 ->
          new VoteReply(
              from, to, term, random.nextBoolean(), random.nextBoolean(), position(random));
      case 5 -> new Heartbeat(from, to, term, number(random), number(random));
      case 6 -> new HeartbeatReply(from, to, term, number(random));
      case 7 ->
          new InstallSnapshot(
              from,
              to,
              term,
              new SnapshotDescriptor(
                  position(random), Membership.of(1, 2).withLearners(7), bytes(random)));
      case 8 -> new TimeoutNow(from, to, term, number(random));
      case 9 -> new TransferLeader(from, to, term, number(random));
      case 10 -> new ReadIndexRequest(from, to, term, number(random));
      default ->
          new ReadIndexReply(
              from, to, term, number(random), random.nextBoolean() ? -1 : number(random));
    };
  }

  private static Append append(long from, long to, long term, SplittableRandom random) {
    LogPosition previous = new LogPosition(random.nextLong(1L << 40), random.nextLong(1L << 20));
    List<Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Entry.Kind kind = Entry.Kind.of(random.nextInt(3));
      entries.add(
          new Entry(
              previous.index() + 1 + entries.size(), 1 + random.nextLong(99), kind, bytes(random)));
    }
    return new Append(from, to, term, previous, entries, number(random), number(random));
  }

  private static LogPosition position(SplittableRandom random) {
    return new LogPosition(number(random), number(random));
  }

  private static long number(SplittableRandom random) {
    return random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
  }

  private static byte[] bytes(SplittableRandom random) {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }
}

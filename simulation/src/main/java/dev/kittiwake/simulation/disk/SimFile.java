package dev.kittiwake.simulation.disk;

import dev.kittiwake.raft.wal.WalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** One file: what programs see of it, and which writes a power cut may take back. */
final class SimFile implements WalFile {
  private static final int SECTOR = 512;

  private final SimDisk disk;
  private final String name;
  private final List<Unforced> unforced = new ArrayList<>();
  private final List<Unforced> misplaced = new ArrayList<>(); // forced, and not where they belong
  private int forcedTo; // the end of what was forced last
  private int provenTo; // the end of what was forced before that
  private byte[] bytes = new byte[0]; // as programs see it
  private int size;
  private byte[] durable = new byte[0]; // as the disk has it
  private int durableSize;

  /**
   * A write that has not been forced.
   *
   * @param elsewhere where the disk will put it in truth; {@link #NOWHERE} or {@link #IN_PLACE}
   */
  private record Unforced(int position, byte[] bytes, int elsewhere) {}

  private static final int IN_PLACE = -1;
  private static final int NOWHERE = -2;

  SimFile(SimDisk disk, String name) {
    this.disk = disk;
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() throws IOException {
    disk.beforeRead();
    return size;
  }

  @Override
  public void write(long position, ByteBuffer buffer) throws IOException {
    int start = Math.toIntExact(position);
    int length = buffer.remaining();
    disk.beforeFileWrite(Math.max(0, start + length - size)); // in place needs no room
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(start + length, bytes.length * 2));
    }
    byte[] written = new byte[length];
    buffer.get(written);
    System.arraycopy(written, 0, bytes, start, length);
    unforced.add(new Unforced(start, written, place(start)));
    size = Math.max(size, start + length);
  }

  @Override
  public void read(long position, ByteBuffer target) throws IOException {
    disk.beforeRead();
    int start = Math.toIntExact(position);
    int length = Math.min(target.remaining(), size - start);
    if (length > 0) {
      target.put(bytes, start, length);
    }
  }

  @Override
  public void force() throws IOException {
    try {
      disk.beforeForce();
    } catch (IOException failed) {
      unforced.clear(); // the kernel forgets that these pages are dirty; they can still be read
      throw failed;
    }
    if (!unforced.isEmpty()) {
      // What is forced now was made later, and says that what was forced before is durable.
      misplaced.forEach(this::keepElsewhere);
      misplaced.clear();
      provenTo = forcedTo;
    }
    for (Unforced write : unforced) {
      if (write.elsewhere() == IN_PLACE) {
        keep(write, 0, write.bytes().length);
      } else {
        misplaced.add(write);
      }
      forcedTo = Math.max(forcedTo, write.position() + write.bytes().length);
    }
    unforced.clear();
  }

  /** Where the disk puts a write; the first bytes of a file are never misplaced. */
  private int place(int start) {
    SimDisk.Misplacing how = start < SECTOR ? SimDisk.Misplacing.NONE : disk.misplacing();
    return switch (how) {
      case NONE -> IN_PLACE;
      case LOST -> NOWHERE;
      case ELSEWHERE -> start / 2 / SECTOR * SECTOR;
    };
  }

  private void keepElsewhere(Unforced write) {
    if (write.elsewhere() != NOWHERE) {
      keep(new Unforced(write.elsewhere(), write.bytes(), IN_PLACE), 0, write.bytes().length);
    }
  }

  /** Where a flipped bit would be noticed: later writes say that it was durable before. */
  int provenTo() {
    return provenTo;
  }

  /** Turns one bit of what the disk holds, and of what the page cache has of it. */
  void rot(int position, int bit) {
    durable[position] ^= (byte) (1 << bit);
    bytes[position] = durable[position];
  }

  private void keep(Unforced write, int from, int to) {
    int end = write.position() + to;
    if (end > durable.length) {
      durable = Arrays.copyOf(durable, Math.max(end, durable.length * 2));
    }
    System.arraycopy(write.bytes(), from, durable, write.position() + from, to - from);
    durableSize = Math.max(durableSize, end);
  }

  /** What a power cut leaves: of each write since the last force, any sectors or none. */
  void losePower(RandomGenerator random) {
    misplaced.forEach(write -> keep(write, 0, write.bytes().length)); // nothing could notice
    misplaced.clear();
    int mood = random.nextInt(3); // all in order up to somewhere; anything; nothing
    int kept = mood == 0 ? random.nextInt(unforced.size() + 1) : 0;
    for (int i = 0; i < unforced.size(); i++) {
      if (i < kept || (mood == 1 && random.nextBoolean())) {
        tear(unforced.get(i), mood == 1 || i == kept - 1, random);
      }
    }
    unforced.clear();
    bytes = durable.clone();
    size = durableSize;
  }

  private void tear(Unforced write, boolean torn, RandomGenerator random) {
    int length = write.bytes().length;
    for (int from = 0; from < length; ) {
      int sectorEnd = ((write.position() + from) / SECTOR + 1) * SECTOR - write.position();
      int to = Math.min(length, sectorEnd);
      if (!torn || random.nextInt(4) > 0) {
        keep(write, from, to);
      }
      from = to;
    }
  }

  @Override
  public void close() {
    // The contents stay, for the next opening.
  }
}

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
  private byte[] bytes = new byte[0];
  private int size;

  /**
   * @param lost whether a force failed since: no later force brings it to the disk
   */
  private record Unforced(int position, byte[] before, byte[] after, int sizeBefore, boolean lost) {
    Unforced asLost() {
      return new Unforced(position, before, after, sizeBefore, true);
    }
  }

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
    disk.beforeFileWrite(buffer.remaining());
    int start = Math.toIntExact(position);
    int length = buffer.remaining();
    if (start + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(start + length, bytes.length * 2));
    }
    byte[] before = Arrays.copyOfRange(bytes, start, start + length);
    byte[] after = new byte[length];
    buffer.get(after);
    System.arraycopy(after, 0, bytes, start, length);
    unforced.add(new Unforced(start, before, after, size, false));
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
      unforced.replaceAll(Unforced::asLost); // the kernel forgets that these pages are dirty
      throw failed;
    }
    unforced.removeIf(write -> !write.lost());
  }

  /** What a power cut leaves: of each write since the last force, any sectors or none. */
  void losePower(RandomGenerator random) {
    for (int i = unforced.size() - 1; i >= 0; i--) {
      Unforced write = unforced.get(i);
      System.arraycopy(write.before(), 0, bytes, write.position(), write.before().length);
      size = write.sizeBefore();
    }
    int mood = random.nextInt(3); // all in order up to somewhere; anything; nothing
    int kept = mood == 0 ? random.nextInt(unforced.size() + 1) : 0;
    for (int i = 0; i < unforced.size(); i++) {
      Unforced write = unforced.get(i);
      if (!write.lost() && (i < kept || (mood == 1 && random.nextBoolean()))) {
        keep(write, mood == 1 || i == kept - 1, random);
      }
    }
    unforced.clear();
  }

  private void keep(Unforced write, boolean torn, RandomGenerator random) {
    int start = write.position();
    int end = start + write.after().length;
    for (int from = start; from < end; ) {
      int to = Math.min(end, (from / SECTOR + 1) * SECTOR);
      if (!torn || random.nextInt(4) > 0) {
        System.arraycopy(write.after(), from - start, bytes, from, to - from);
        size = Math.max(size, to);
      }
      from = to;
    }
  }

  @Override
  public void close() {
    // The contents stay, for the next opening.
  }
}

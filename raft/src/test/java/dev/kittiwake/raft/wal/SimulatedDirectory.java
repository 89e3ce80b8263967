package dev.kittiwake.raft.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Files that keep only what was forced. A crash may also keep any of the unforced writes, torn at
 * any byte.
 */
final class SimulatedDirectory implements WalDirectory {
  final TreeMap<String, File> files = new TreeMap<>();
  boolean failForce;
  boolean full; // no file may grow
  int changes; // writes, forces and deletions
  int forces;
  long bytesRead;
  Runnable onForce = () -> {};

  @Override
  public List<String> list() {
    return new ArrayList<>(files.keySet());
  }

  @Override
  public WalFile open(String name) {
    return files.computeIfAbsent(name, File::new);
  }

  @Override
  public void delete(String name) {
    changes++;
    files.remove(name);
  }

  @Override
  public void sync() {}

  /** The disk after a power cut that lost everything not forced. */
  SimulatedDirectory crash() {
    return crash(null);
  }

  /** A power cut that kept each unforced write wholly, in part or not at all, as drawn. */
  SimulatedDirectory crash(RandomGenerator random) {
    SimulatedDirectory next = new SimulatedDirectory();
    for (File file : files.values()) {
      File copy = next.new File(file.name);
      copy.bytes = file.durable.clone();
      if (random != null) {
        for (Write write : file.unforced) {
          int kept =
              random.nextInt(3) == 0
                  ? random.nextInt(write.bytes.length + 1)
                  : random.nextInt(2) * write.bytes.length;
          int from = random.nextBoolean() ? 0 : write.bytes.length - kept;
          copy.put(write.position + from, Arrays.copyOfRange(write.bytes, from, from + kept));
        }
      }
      copy.durable = copy.bytes.clone();
      next.files.put(file.name, copy);
    }
    return next;
  }

  private record Write(long position, byte[] bytes) {}

  final class File implements WalFile {
    private final String name;
    byte[] bytes = new byte[0];
    private byte[] durable = new byte[0];
    private final List<Write> unforced = new ArrayList<>();

    File(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void write(long position, ByteBuffer buffer) throws IOException {
      changes++;
      if (full && position + buffer.remaining() > bytes.length) {
        throw new IOException("No space left on device");
      }
      byte[] written = new byte[buffer.remaining()];
      buffer.get(written);
      put(position, written);
      unforced.add(new Write(position, written));
    }

    private void put(long position, byte[] written) {
      int end = (int) position + written.length;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, end);
      }
      System.arraycopy(written, 0, bytes, (int) position, written.length);
    }

    @Override
    public void read(long position, ByteBuffer target) {
      int count = (int) Math.min(target.remaining(), bytes.length - position);
      if (count > 0) {
        target.put(bytes, (int) position, count);
        bytesRead += count;
      }
    }

    @Override
    public void force() throws IOException {
      changes++;
      onForce.run();
      if (failForce) {
        throw new IOException("simulated: force of " + name + " failed");
      }
      forces++;
      if (durable.length != bytes.length) {
        durable = Arrays.copyOf(durable, bytes.length);
      }
      for (Write write : unforced) {
        System.arraycopy(write.bytes, 0, durable, (int) write.position, write.bytes.length);
      }
      unforced.clear();
    }

    @Override
    public void close() {}
  }
}

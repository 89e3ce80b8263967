package dev.kittiwake.kv.engine;

import dev.kittiwake.raft.wal.WalDirectory;
import dev.kittiwake.raft.wal.WalFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A raft log's directory in memory, beside a {@link MemoryEngine}. {@link #losePower} takes back a
 * suffix of what each file was not forced to keep. Thread-safe.
 */
public final class MemoryWalDirectory implements WalDirectory {
  private final Map<String, MemoryFile> files = new TreeMap<>(); // guarded by this

  @Override
  public synchronized List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized WalFile open(String name) {
    return files.computeIfAbsent(name, MemoryFile::new);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    if (files.remove(name) == null) {
      throw new FileNotFoundException("the log has no file " + name);
    }
  }

  @Override
  public void sync() {
    // Names are kept as soon as they are made: only contents can be lost here.
  }

  /** What a power cut leaves: in each file, some of the writes since the last force. */
  public synchronized void losePower(RandomGenerator random) {
    files.values().forEach(file -> file.undo(random));
  }

  private static final class MemoryFile implements WalFile {
    private final String name;
    private final List<Undo> unforced = new ArrayList<>();
    private byte[] bytes = new byte[0];
    private int size;

    private record Undo(int position, byte[] before, int sizeBefore) {}

    MemoryFile(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public synchronized long size() {
      return size;
    }

    @Override
    public synchronized void write(long position, ByteBuffer buffer) {
      int start = Math.toIntExact(position);
      int length = buffer.remaining();
      if (start + length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(start + length, bytes.length * 2));
      }
      unforced.add(new Undo(start, Arrays.copyOfRange(bytes, start, start + length), size));
      buffer.get(bytes, start, length);
      size = Math.max(size, start + length);
    }

    @Override
    public synchronized void read(long position, ByteBuffer target) {
      int start = Math.toIntExact(position);
      int length = Math.min(target.remaining(), size - start);
      if (length > 0) {
        target.put(bytes, start, length);
      }
    }

    @Override
    public synchronized void force() {
      unforced.clear();
    }

    synchronized void undo(RandomGenerator random) {
      int lost = random.nextInt(unforced.size() + 1);
      for (int i = 0; i < lost; i++) {
        Undo last = unforced.remove(unforced.size() - 1);
        System.arraycopy(last.before(), 0, bytes, last.position(), last.before().length);
        size = last.sizeBefore();
      }
      unforced.clear();
    }

    @Override
    public void close() {
      // The contents stay, for the next opening.
    }
  }
}

package dev.kittiwake.raft.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A log directory in the file system. */
public final class FileWalDirectory implements WalDirectory {
  private final Path directory;

  /**
   * Creates the directory if need be, durably.
   *
   * @throws IOException if it cannot be created
   */
  public FileWalDirectory(Path directory) throws IOException {
    this.directory = directory.toAbsolutePath();
    create(this.directory);
  }

  /** A name lasts only once the directory that holds it is synced. */
  private static void create(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      create(parent);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      force(parent);
    }
  }

  private static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
      for (Path path : paths) {
        names.add(path.getFileName().toString());
      }
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public WalFile open(String name) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(name),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE);
    return new ChannelFile(name, channel);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    force(directory);
  }

  private record ChannelFile(String name, FileChannel channel) implements WalFile {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void write(long position, ByteBuffer buffer) throws IOException {
      long at = position;
      while (buffer.hasRemaining()) {
        at += channel.write(buffer, at);
      }
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      long at = position;
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          return;
        }
        at += read;
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}

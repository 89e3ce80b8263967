package dev.kittiwake.kv;

import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.proto.store.StoreIdent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The file {@code KITTIWAKE} of a data directory: whose it is, in words that a person can read. It
 * keeps a store from taking what is not its own, and an older version from data that it does not
 * understand.
 *
 * <pre>
 * kittiwake store
 * format 1
 * cluster 7183640931          once the store has joined
 * store 4
 * </pre>
 */
final class DirectoryMark {
  private static final String NAME = "KITTIWAKE";
  private static final String KIND = "kittiwake store";
  private static final int FORMAT = 1;

  private final Path directory;

  DirectoryMark(Path directory) {
    this.directory = directory;
  }

  /**
   * Checks the mark of a directory, or marks an empty one.
   *
   * @param ours files that are there before the mark is
   * @throws EngineException with a line for the user if the directory is not a store's, or of a
   *     newer version
   */
  void check(Set<String> ours) throws IOException {
    if (Files.exists(file())) {
      read();
      return;
    }
    Set<String> others;
    try (Stream<Path> files = Files.list(directory)) {
      others =
          files
              .map(path -> path.getFileName().toString())
              .filter(name -> !ours.contains(name) && !name.equals(NAME + ".new"))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    if (!others.isEmpty()) {
      throw new EngineException(
          "data directory "
              + directory
              + " is not empty and not a store's (it has "
              + others.iterator().next()
              + "): choose an empty one, or one that a store has used");
    }
    write("");
  }

  /**
   * The store has joined, or joins again.
   *
   * @throws EngineException if the directory is marked as another store's
   */
  void settle(StoreIdent ident) {
    String whose =
        "cluster "
            + Long.toUnsignedString(ident.getClusterId())
            + "\nstore "
            + Long.toUnsignedString(ident.getStoreId())
            + "\n";
    try {
      String marked = read();
      if (marked.isEmpty()) {
        write(whose);
      } else if (!marked.equals(whose)) {
        throw new EngineException(
            "data directory "
                + directory
                + " is marked as that of "
                + oneLine(marked)
                + ", but its database is of "
                + oneLine(whose)
                + ": its parts come from different stores");
      }
    } catch (IOException failed) {
      throw new EngineException(
          "cannot mark data directory " + directory + ": " + failed.getMessage(), failed);
    }
  }

  /** What follows the format: whose it is, or nothing. */
  private String read() throws IOException {
    String text = Files.readString(file(), StandardCharsets.UTF_8);
    String[] lines = text.split("\n", 3);
    if (lines.length < 3 || !lines[0].equals(KIND) || !lines[1].startsWith("format ")) {
      throw new EngineException(
          "data directory "
              + directory
              + " belongs to \""
              + lines[0]
              + "\", not to a store: choose another one");
    }
    if (!lines[1].equals("format " + FORMAT)) {
      throw new EngineException(
          "data directory "
              + directory
              + " has "
              + lines[1]
              + ", this version reads format "
              + FORMAT
              + ": start the version that wrote it");
    }
    return lines[2];
  }

  private static String oneLine(String lines) {
    return lines.strip().replace("\n", " ");
  }

  /** Beside the old one, forced, renamed over it: there is always a whole one. */
  private void write(String whose) throws IOException {
    Path fresh = directory.resolve(NAME + ".new");
    String text = KIND + "\nformat " + FORMAT + "\n" + whose;
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  private Path file() {
    return directory.resolve(NAME);
  }
}

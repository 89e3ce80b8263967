package dev.kittiwake.kv.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/**
 * A staging area as a directory: one table file per family that has pairs, and an empty file {@code
 * sealed} once all are complete and durable.
 */
final class RocksStagedRange implements StagedRange {
  private static final String SEALED = "sealed";

  private final Path directory;
  private final RocksOptions options;
  private final Map<Family, Path> files = new EnumMap<>(Family.class);
  private Family current; // the family of the open writer; null = none
  private Options tableOptions;
  private SstFileWriter writer;
  private long bytes;

  private RocksStagedRange(Path directory, RocksOptions options) {
    this.directory = directory;
    this.options = options;
  }

  static RocksStagedRange start(Path directory, RocksOptions options) {
    try {
      deleteTree(directory);
      Files.createDirectories(directory);
    } catch (IOException failed) {
      throw new EngineException("cannot make the staging area " + directory, failed);
    }
    return new RocksStagedRange(directory, options);
  }

  static Optional<RocksStagedRange> sealed(Path directory, RocksOptions options) {
    if (!Files.exists(directory.resolve(SEALED))) {
      return Optional.empty();
    }
    RocksStagedRange range = new RocksStagedRange(directory, options);
    for (Family family : Family.OF_DATA) {
      Path file = range.path(family);
      if (Files.exists(file)) {
        range.files.put(family, file);
      }
    }
    return Optional.of(range);
  }

  static void discardAll(Path staging, Set<String> keep) {
    if (!Files.isDirectory(staging)) {
      return;
    }
    try (Stream<Path> areas = Files.list(staging)) {
      for (Path area : areas.sorted().toList()) {
        if (!keep.contains(area.getFileName().toString())) {
          deleteTree(area);
        }
      }
    } catch (IOException | UncheckedIOException failed) {
      throw new EngineException("cannot clean up " + staging, failed);
    }
  }

  @Override
  public String name() {
    return directory.getFileName().toString();
  }

  @Override
  public void add(Family family, byte[] key, byte[] value) {
    try {
      if (family != current) {
        if (current != null && family.id() < current.id()) {
          throw new IllegalArgumentException("pairs of " + name() + " are out of order");
        }
        finishFile();
        startFile(family);
      }
      writer.put(key, value);
      bytes += key.length + value.length;
    } catch (RocksDBException failed) {
      if (failed.getStatus() != null
          && failed.getStatus().getCode() == org.rocksdb.Status.Code.InvalidArgument) {
        throw new IllegalArgumentException("pairs of " + name() + " are out of order", failed);
      }
      throw new EngineException("cannot write to " + directory, failed);
    }
  }

  private void startFile(Family family) throws RocksDBException {
    tableOptions = options.tableOptions(family);
    writer = new SstFileWriter(options.environment(), tableOptions);
    current = family;
    writer.open(path(family).toString());
    files.put(family, path(family));
  }

  private void finishFile() throws RocksDBException {
    if (writer != null) {
      writer.finish(); // also syncs the file
      closeWriter();
    }
  }

  private void closeWriter() {
    if (writer != null) {
      writer.close();
      tableOptions.close();
      writer = null;
      tableOptions = null;
    }
  }

  @Override
  public void seal() {
    try {
      finishFile();
      try (FileChannel marker =
          FileChannel.open(
              directory.resolve(SEALED), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        marker.force(true);
      }
      try (FileChannel self = FileChannel.open(directory, StandardOpenOption.READ)) {
        self.force(true);
      }
    } catch (IOException | RocksDBException failed) {
      throw new EngineException("cannot complete the staging area " + directory, failed);
    }
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /** The table file of {@code family}, absent if it has no pairs. */
  Optional<Path> file(Family family) {
    return Optional.ofNullable(files.get(family));
  }

  @Override
  public void discard() {
    closeWriter();
    try {
      deleteTree(directory);
    } catch (IOException failed) {
      throw new EngineException("cannot delete the staging area " + directory, failed);
    }
  }

  private Path path(Family family) {
    return directory.resolve(family.label() + ".sst");
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

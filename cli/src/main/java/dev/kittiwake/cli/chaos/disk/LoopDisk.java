package dev.kittiwake.cli.chaos.disk;

import dev.kittiwake.cli.chaos.host.Shell;
import dev.kittiwake.cli.chaos.host.Watchdog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An ext4 file system in a file, mounted over a loop device. A power cut is the file system's own
 * shutdown call: it drops everything that was not synced and refuses all work until it is mounted
 * again, which replays its journal.
 */
public final class LoopDisk {
  private static final String FILLER = "filler";
  private static final long SLACK_BYTES = 64L << 20;
  // EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: not even the journal is flushed
  private static final String PERL_SHUTDOWN =
      "open(my $d, '<', $ARGV[0]) or die qq($!\\n); my $how = pack('L', 2);"
          + " ioctl($d, 0x8004587d, $how) or die qq($!\\n)";
  private static final String PYTHON_SHUTDOWN =
      "import fcntl,os,struct,sys\n"
          + "fcntl.ioctl(os.open(sys.argv[1],os.O_RDONLY),0x8004587d,struct.pack('I',2))";

  private final Path image;
  private final Path directory;

  private LoopDisk(Path image, Path directory) {
    this.image = image;
    this.directory = directory;
  }

  /** Makes the file system {@code name} below {@code parent} and mounts it. */
  public static LoopDisk create(Path parent, String name, long bytes, Watchdog watchdog)
      throws IOException, InterruptedException {
    Path image = parent.resolve(name + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    Path directory = Files.createDirectories(parent.resolve(name));
    Shell.must("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    LoopDisk disk = new LoopDisk(image, directory);
    disk.mount();
    watchdog.mounted(directory);
    return disk;
  }

  /** Where it is mounted. */
  public Path directory() {
    return directory;
  }

  private void mount() throws IOException, InterruptedException {
    Shell.must("mount", "-o", "loop", image.toString(), directory.toString());
  }

  /** Cuts the power. Whoever uses it meets input/output errors from now on. */
  public void cutPower() throws IOException, InterruptedException {
    Shell.Answer perl = Shell.run("perl", "-e", PERL_SHUTDOWN, directory.toString());
    if (!perl.ok()) {
      Shell.must("python3", "-c", PYTHON_SHUTDOWN, directory.toString());
    }
  }

  /** Mounts it anew after a power cut; nobody may use it any more. */
  public void restorePower() throws IOException, InterruptedException {
    Shell.must("umount", directory.toString());
    mount();
  }

  /** Takes all space that is left. */
  public void fill() throws IOException, InterruptedException {
    long free = Files.getFileStore(directory).getUsableSpace();
    Path filler = directory.resolve(FILLER);
    // The bulk at once; then what the file system kept back for its own bookkeeping, to the last
    // block.
    Shell.must(
        "fallocate", "-l", Long.toString(Math.max(4096, free - SLACK_BYTES)), filler.toString());
    Shell.run("dd", "if=/dev/zero", "of=" + filler + "2", "bs=1M", "count=200");
    Shell.run("dd", "if=/dev/zero", "of=" + filler + "3", "bs=4096", "count=4096");
  }

  /** Gives the space back. */
  public void free() throws IOException {
    Files.deleteIfExists(directory.resolve(FILLER));
    Files.deleteIfExists(directory.resolve(FILLER + "2"));
    Files.deleteIfExists(directory.resolve(FILLER + "3"));
  }

  /** Unmounts it; nobody may use it any more. */
  public void close() throws IOException, InterruptedException {
    if (!Shell.run("umount", directory.toString()).ok()) {
      Shell.run("umount", "-l", directory.toString());
    }
    Files.deleteIfExists(image);
  }
}

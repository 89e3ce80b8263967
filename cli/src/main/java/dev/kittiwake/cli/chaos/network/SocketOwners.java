package dev.kittiwake.cli.chaos.network;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Finds which of some processes has a local TCP port as its end of a connection. Linux only. */
final class SocketOwners {
  private static final int LOCAL = 1;
  private static final int INODE = 9;

  private SocketOwners() {}

  /** A process by the name of its node; the id is 0 while it does not run. */
  record Candidate(String node, LongSupplier pid) {}

  /** The node whose process has the socket with this local port. */
  static Optional<String> ownerOf(int port, List<Candidate> candidates) throws IOException {
    Optional<String> inode = inode(port, Path.of("/proc/net/tcp6"));
    if (inode.isEmpty()) {
      inode = inode(port, Path.of("/proc/net/tcp"));
    }
    if (inode.isEmpty()) {
      return Optional.empty();
    }
    String wanted = "socket:[" + inode.get() + "]";
    for (Candidate candidate : candidates) {
      long pid = candidate.pid().getAsLong();
      if (pid != 0 && has(Path.of("/proc/" + pid + "/fd"), wanted)) {
        return Optional.of(candidate.node());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> inode(int port, Path table) throws IOException {
    if (!Files.exists(table)) {
      return Optional.empty();
    }
    String ending = ":%04X".formatted(port);
    for (String line : Files.readAllLines(table)) {
      String[] words = line.trim().split("\\s+", -1);
      if (words.length > INODE && words[LOCAL].endsWith(ending) && !words[INODE].equals("0")) {
        return Optional.of(words[INODE]);
      }
    }
    return Optional.empty();
  }

  private static boolean has(Path handles, String wanted) {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(handles)) {
      for (Path handle : all) {
        if (pointsTo(handle, wanted)) {
          return true;
        }
      }
      return false;
    } catch (IOException gone) {
      return false; // the process has ended meanwhile
    }
  }

  private static boolean pointsTo(Path handle, String wanted) {
    try {
      return Files.readSymbolicLink(handle).toString().equals(wanted);
    } catch (IOException closed) {
      return false; // closed while we looked
    }
  }
}

package dev.kittiwake.raft.wal;

import java.io.IOException;
import java.util.List;

/** The directory of a log: a flat set of files. */
public interface WalDirectory {
  /** Names of all files, in order. */
  List<String> list() throws IOException;

  /**
   * Opens the file for reading and writing, empty if there is none.
   *
   * @throws IOException naming the file and what to do
   */
  WalFile open(String name) throws IOException;

  void delete(String name) throws IOException;

  /** Makes creations and deletions durable. */
  void sync() throws IOException;
}

package dev.kittiwake.simulation.disk;

import dev.kittiwake.raft.wal.WalDirectory;
import dev.kittiwake.raft.wal.WalFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** A flat set of files; names that were made or deleted since the last sync may be undone. */
final class SimDirectory implements WalDirectory {
  private final SimDisk disk;
  private final Map<String, SimFile> files = new TreeMap<>();
  private final Map<String, SimFile> synced = new TreeMap<>();

  SimDirectory(SimDisk disk) {
    this.disk = disk;
  }

  @Override
  public List<String> list() throws IOException {
    disk.beforeRead();
    return List.copyOf(files.keySet());
  }

  @Override
  public WalFile open(String name) throws IOException {
    disk.beforeRead();
    return files.computeIfAbsent(name, each -> new SimFile(disk, each));
  }

  @Override
  public void delete(String name) throws IOException {
    disk.beforeFileWrite(0);
    if (files.remove(name) == null) {
      throw new FileNotFoundException("the disk has no file " + name);
    }
  }

  @Override
  public void sync() throws IOException {
    disk.beforeForce();
    synced.clear();
    synced.putAll(files);
  }

  void losePower(RandomGenerator random) {
    TreeSet<String> names = new TreeSet<>(files.keySet());
    names.addAll(synced.keySet());
    for (String name : names) {
      SimFile now = files.get(name);
      SimFile before = synced.get(name);
      if (now != before && random.nextBoolean()) {
        if (before == null) {
          files.remove(name);
        } else {
          files.put(name, before);
        }
      }
    }
    files.values().forEach(file -> file.losePower(random));
    synced.clear();
    synced.putAll(files);
  }
}

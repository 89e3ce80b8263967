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

  /** Turns the lowest bit of a byte, if the file has been forced that far; answers whether. */
  boolean rot(String name, int position) {
    SimFile file = files.get(name);
    boolean isOld = file != null && position < file.provenTo();
    if (isOld) {
      file.rot(position, 0);
    }
    return isOld;
  }

  /** Turns a bit somewhere in what has been durable for a while; answers false if nothing has. */
  boolean rot(RandomGenerator random) {
    List<SimFile> old = files.values().stream().filter(file -> file.provenTo() > 0).toList();
    if (old.isEmpty()) {
      return false;
    }
    SimFile file = old.get(random.nextInt(old.size()));
    file.rot(random.nextInt(file.provenTo()), random.nextInt(8));
    return true;
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

package dev.kittiwake.kv.cluster;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.EngineSnapshot;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.engine.StagedRange;
import dev.kittiwake.kv.engine.WriteBatch;
import dev.kittiwake.raft.wal.WalDirectory;
import dev.kittiwake.raft.wal.WalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The disk of one store: a log and a database that are late, hang, or fail when told to. */
final class FaultyDisk {
  private final VirtualTime time;
  private final List<Runnable> held = new ArrayList<>();
  private boolean hangs;
  private long syncMillis;
  boolean failNextForce;
  boolean failWrites;
  boolean failNextIngest;
  Runnable afterSnapshot = () -> {}; // run once, when the next snapshot has been taken
  int changesAfterFailure;
  private boolean failed;

  FaultyDisk(VirtualTime time) {
    this.time = time;
  }

  void hang() {
    hangs = true;
  }

  void goOn() {
    hangs = false;
    held.forEach(time::execute);
    held.clear();
  }

  /** Every round of the log takes so long from now on. */
  void slowDown(long millis) {
    syncMillis = millis;
  }

  /** A thread that writes the log. */
  Executor writer(Executor thread) {
    return task -> {
      Runnable attempt = () -> thread.execute(task);
      if (hangs) {
        held.add(attempt);
      } else if (syncMillis > 0) {
        time.schedule(() -> unlessHanging(attempt), syncMillis, TimeUnit.MILLISECONDS);
      } else {
        attempt.run();
      }
    };
  }

  private void unlessHanging(Runnable attempt) {
    if (hangs) {
      held.add(attempt);
    } else {
      attempt.run();
    }
  }

  WalDirectory log(WalDirectory real) {
    return new Log(real);
  }

  Engine database(Engine real) {
    return new Database(real);
  }

  private void changing() {
    if (failed) {
      changesAfterFailure++;
    }
  }

  private final class Log implements WalDirectory {
    private final WalDirectory real;

    Log(WalDirectory real) {
      this.real = real;
    }

    @Override
    public List<String> list() throws IOException {
      return real.list();
    }

    @Override
    public WalFile open(String name) throws IOException {
      return new LogFile(real.open(name));
    }

    @Override
    public void delete(String name) throws IOException {
      changing();
      real.delete(name);
    }

    @Override
    public void sync() throws IOException {
      real.sync();
    }
  }

  private final class LogFile implements WalFile {
    private final WalFile real;

    LogFile(WalFile real) {
      this.real = real;
    }

    @Override
    public String name() {
      return real.name();
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public void write(long position, ByteBuffer buffer) throws IOException {
      changing();
      real.write(position, buffer);
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
      real.read(position, target);
    }

    @Override
    public void force() throws IOException {
      changing();
      if (failNextForce) {
        failNextForce = false; // a retry would succeed, and lie
        failed = true;
        throw new IOException("Input/output error");
      }
      real.force();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  private final class Database implements Engine {
    private final Engine real;

    Database(Engine real) {
      this.real = real;
    }

    @Override
    public byte[] get(Family family, byte[] key) {
      return real.get(family, key);
    }

    @Override
    public EngineSnapshot snapshot() {
      EngineSnapshot taken = real.snapshot();
      Runnable once = afterSnapshot;
      afterSnapshot = () -> {};
      once.run();
      return taken;
    }

    @Override
    public void write(WriteBatch batch) {
      if (failWrites) {
        throw new EngineException("cannot write the database: Input/output error");
      }
      real.write(batch);
    }

    @Override
    public void syncLog() {
      real.syncLog();
    }

    @Override
    public long approximateSize(Family family, byte[] from, byte[] to) {
      return real.approximateSize(family, from, to);
    }

    @Override
    public StagedRange stage(String name) {
      return real.stage(name);
    }

    @Override
    public Optional<StagedRange> staged(String name) {
      return real.staged(name);
    }

    @Override
    public void discardStaged(Set<String> keep) {
      real.discardStaged(keep);
    }

    @Override
    public void ingest(StagedRange sealed, byte[] from, byte[] to) {
      if (failNextIngest) {
        failNextIngest = false;
        throw new EngineException("cannot ingest files into the database: Input/output error");
      }
      real.ingest(sealed, from, to);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}

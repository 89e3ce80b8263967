package dev.kittiwake.simulation.disk;

import dev.kittiwake.kv.engine.EngineException;
import dev.kittiwake.kv.engine.MemoryEngine;
import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.raft.wal.WalDirectory;
import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * The disk of one machine: an engine and a directory of files, which outlive the process, and what
 * is wrong with it at the moment.
 */
public final class SimDisk implements MemoryEngine.Probe {
  public static final long CAPACITY = 1L << 30;

  private final RandomGenerator random;
  private final MemoryEngine engine = new MemoryEngine(true, this);
  private final SimDirectory log = new SimDirectory(this);
  private byte[] snapshot; // of a placement driver's member; replaced as a whole
  private Identity identity; // of a placement driver's member
  private long forceNanos = 500_000; // about how long a force takes
  private long hungUntil; // true nanos
  private boolean full;
  private int failingForces; // so many forces to come fail
  private int failingReads;
  private Misplacing misplacing = Misplacing.NONE;
  private boolean damaged; // what its log holds may not be what was written
  private long crashAfter = -1; // operations until the machine halts in the middle; -1 = never
  private Runnable crash = () -> {};
  private boolean watched; // somebody reads from outside
  private boolean gone; // the process crashed in an operation; what is left of its task fails

  public SimDisk(RandomGenerator random) {
    this.random = random;
  }

  public MemoryEngine engine() {
    return engine;
  }

  public WalDirectory log() {
    return log;
  }

  byte[] snapshot() {
    return snapshot;
  }

  void replaceSnapshot(byte[] bytes) throws IOException {
    beforeFileWrite(bytes.length);
    beforeForce();
    snapshot = bytes;
  }

  Identity identity() {
    return identity;
  }

  /** Of the member of the placement driver that runs here; 0 before it has ever run. */
  public long memberId() {
    return identity == null ? 0 : identity.memberId();
  }

  public void keepIdentity(Identity kept) throws IOException {
    beforeFileWrite(100);
    beforeForce();
    identity = kept;
  }

  /** The process runs again. */
  public void boot() {
    gone = false;
    crashAfter = -1;
  }

  // ---- what is wrong with it ----

  /** Forces take about so long from now on. */
  public void slow(long nanos) {
    forceNanos = nanos;
  }

  /** Nothing that waits for the disk goes on before this moment. */
  public void hangUntil(long trueNanos) {
    hungUntil = trueNanos;
  }

  public void full(boolean isFull) {
    full = isFull;
  }

  public boolean isFull() {
    return full;
  }

  /** The next forces fail with an I/O error, and what they should have saved is lost. */
  public void failForces(int count) {
    failingForces = count;
  }

  public void failReads(int count) {
    failingReads = count;
  }

  /** What becomes of a write that the disk reports as done. */
  enum Misplacing {
    NONE,
    LOST,
    ELSEWHERE
  }

  /**
   * The next write to the log is lost, or lands at the wrong place, and its force succeeds all the
   * same. The page cache has it right until the power fails. Only what later records vouch for is
   * damaged: no log can tell the loss of its very end from a write that never was.
   */
  public void misplaceNextWrite(boolean lost) {
    misplacing = lost ? Misplacing.LOST : Misplacing.ELSEWHERE;
    damaged = true;
  }

  Misplacing misplacing() {
    Misplacing now = misplacing;
    misplacing = Misplacing.NONE;
    return now;
  }

  /**
   * Turns a bit of the log, somewhere where later records vouch for it; answers false if there is
   * no such place yet.
   */
  public boolean rot() {
    damaged |= log.rot(random);
    return damaged;
  }

  /** Turns the lowest bit of a byte of a file of the log, if it can be noticed; answers whether. */
  public boolean rot(String file, int position) {
    boolean turned = log.rot(file, position);
    damaged |= turned;
    return turned;
  }

  /** Whether the log was damaged, or may come to be. */
  public boolean isDamaged() {
    return damaged;
  }

  /** Halts the machine in the middle of its {@code operations}th use of the disk from now. */
  public void crashAfter(long operations, Runnable halt) {
    crashAfter = operations;
    crash = halt;
  }

  public void heal() {
    forceNanos = 500_000;
    hungUntil = 0;
    full = false;
    failingForces = 0;
    failingReads = 0;
    misplacing = Misplacing.NONE;
    crashAfter = -1;
  }

  /** What a power cut leaves of what was not synced. The process must have ended. */
  public void losePower() {
    log.losePower(random);
    engine.losePower(random);
  }

  /** How long a task that forces something takes, beginning now. */
  public long forceDelay(long now) {
    long usual = forceNanos / 2 + random.nextLong(forceNanos);
    usual = random.nextInt(64) == 0 ? usual * 10 : usual;
    return Math.max(usual, hungUntil - now);
  }

  /** Lets {@code look} read without being noticed: it is not the store that reads. */
  public void watch(Runnable look) {
    watched = true;
    try {
      look.run();
    } finally {
      watched = false;
    }
  }

  // ---- asked by what lies on it ----

  private void count() throws IOException {
    if (watched) {
      return;
    }
    if (gone) {
      throw new IOException("the process has ended");
    }
    if (crashAfter > 0 && --crashAfter == 0) {
      crashAfter = -1;
      gone = true;
      crash.run();
      throw new IOException("the process has ended");
    }
  }

  void beforeRead() throws IOException {
    count();
    if (failingReads > 0 && !watched) {
      failingReads--;
      throw new IOException("Input/output error");
    }
  }

  void beforeFileWrite(long bytes) throws IOException {
    count();
    if (full && bytes > 0) {
      throw new IOException("No space left on device");
    }
  }

  void beforeForce() throws IOException {
    count();
    if (failingForces > 0) {
      failingForces--;
      throw new IOException("Input/output error");
    }
  }

  @Override
  public void beforeWrite(long bytes) {
    try {
      beforeFileWrite(bytes);
    } catch (IOException failed) {
      throw new EngineException("cannot write: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void beforeSync() {
    try {
      beforeForce();
    } catch (IOException failed) {
      throw new EngineException("cannot sync: " + failed.getMessage(), failed);
    }
  }
}

package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.replica.PdReplica;
import dev.kittiwake.pd.tso.TimestampOracle;
import dev.kittiwake.raft.Status;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long this member may serve as the leader: while a majority answers and its own disk does. A
 * member that is alone needs neither. Confined to the loop.
 */
final class LeadLease {
  private static final Logger log = LoggerFactory.getLogger(LeadLease.class);

  private final long leaseNanos;
  private final long diskPatienceNanos;
  private final PdReplica replica;
  private final TimestampOracle oracle;
  private final LongSupplier nanos;
  private final DiskWatch disk;
  private boolean hasContact; // with a majority, in this leadership, not handing it over
  private long contactNanos;
  private long lastSuccessor; // who was to lead instead of us, 0 at first
  private long watchedTerm; // the leadership that the disk is watched in

  /**
   * @param leaseMillis how long a leader may serve without hearing from a majority
   * @param diskPatienceMillis how long without an answer of its disk, if others could lead
   */
  LeadLease(
      long leaseMillis,
      long diskPatienceMillis,
      PdReplica replica,
      TimestampOracle oracle,
      LongSupplier nanos) {
    this.leaseNanos = leaseMillis * 1_000_000;
    this.diskPatienceNanos = diskPatienceMillis * 1_000_000;
    this.replica = replica;
    this.oracle = oracle;
    this.nanos = nanos;
    this.disk = new DiskWatch(leaseMillis / 4, replica::probeDisk);
  }

  /** On every tick of the group. */
  void tick() {
    if (replica.leadTerm() == 0) {
      return;
    }
    long now = nanos.getAsLong();
    watchDisk(now);
    if (replica.isSingle()) {
      return;
    }
    disk.tick(now);
    renew();
    if (now - disk.provenNanos() > diskPatienceNanos) {
      leave(now);
    }
  }

  /** This member leads and may begin to serve. */
  void begin() {
    watchDisk(nanos.getAsLong());
    renew();
  }

  void onContact(long sentAtNanos) {
    hasContact = true;
    contactNanos = sentAtNanos;
    renew();
  }

  /** The lead is being handed over. */
  void revoke() {
    hasContact = false;
    oracle.lease(nanos.getAsLong());
  }

  /** The lead is gone. */
  void end() {
    hasContact = false;
  }

  /** Follows from the last contact with a majority, and from the last answer of the own disk. */
  void renew() {
    if (replica.isSingle()) {
      oracle.noLease();
    } else if (hasContact) {
      oracle.lease(Math.min(contactNanos + leaseNanos, disk.provenNanos() + diskPatienceNanos));
    } else {
      oracle.lease(nanos.getAsLong());
    }
  }

  /** Counts from the beginning of a leadership, and only while others could lead. */
  private void watchDisk(long now) {
    if (replica.leadTerm() != watchedTerm || replica.isSingle()) {
      watchedTerm = replica.leadTerm();
      disk.begin(now);
    }
  }

  /**
   * Our disk hangs: others can lead, as soon as they have what we sent them. If the chosen one does
   * not take it the next one is asked.
   */
  private void leave(long now) {
    Status status = replica.status();
    if (status.transferee() != 0) {
      return;
    }
    TreeSet<Long> not = new TreeSet<>(Set.of(lastSuccessor));
    Optional<Long> successor =
        Roster.successor(status, not).or(() -> Roster.successor(status, new TreeSet<>()));
    if (successor.isEmpty()) {
      return;
    }
    lastSuccessor = successor.get();
    log.error(
        "event=disk_hangs silent_ms={} the lead is handed to member {}",
        (now - disk.provenNanos()) / 1_000_000,
        lastSuccessor);
    replica.transferLeadership(lastSuccessor);
  }
}

package dev.kittiwake.raft;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One replica of a group, pure. */
public final class RaftNode {
  public RaftNode(
      RaftConfig config,
      LogReader storage,
      Supplier<Optional<SnapshotDescriptor>> snapshots,
      HardState hardState,
      LogPosition applied,
      Membership membership,
      RandomGenerator random) {}

  public void tick() {
    throw new UnsupportedOperationException();
  }

  public void step(Message message) {
    throw new UnsupportedOperationException();
  }

  public Proposal propose(byte[] command) {
    throw new UnsupportedOperationException();
  }

  public Proposal proposeMembership(MembershipChange change) {
    throw new UnsupportedOperationException();
  }

  public void readIndex(long requestId) {
    throw new UnsupportedOperationException();
  }

  public void transferLeadership(long peer) {
    throw new UnsupportedOperationException();
  }

  public void campaign() {
    throw new UnsupportedOperationException();
  }

  public void applied(long index) {
    throw new UnsupportedOperationException();
  }

  public void persisted(long version) {
    throw new UnsupportedOperationException();
  }

  public void snapshotInstalled(SnapshotDescriptor snapshot) {
    throw new UnsupportedOperationException();
  }

  public void snapshotFailed(SnapshotDescriptor snapshot) {
    throw new UnsupportedOperationException();
  }

  public void snapshotSent(long peer, boolean ok) {
    throw new UnsupportedOperationException();
  }

  public void unreachable(long peer) {
    throw new UnsupportedOperationException();
  }

  public void announceCommit() {
    throw new UnsupportedOperationException();
  }

  public boolean hasReady() {
    throw new UnsupportedOperationException();
  }

  public Ready ready() {
    throw new UnsupportedOperationException();
  }

  public long appliedIndex() {
    throw new UnsupportedOperationException();
  }

  public Status status() {
    throw new UnsupportedOperationException();
  }

  public Membership membership() {
    throw new UnsupportedOperationException();
  }

  public long term() {
    throw new UnsupportedOperationException();
  }

  public Role role() {
    throw new UnsupportedOperationException();
  }

  public long leader() {
    throw new UnsupportedOperationException();
  }
}

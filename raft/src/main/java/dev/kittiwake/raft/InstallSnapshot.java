package dev.kittiwake.raft;

/**
 * The follower is too far behind for the log: here is a snapshot. Raft §7. The state travels beside
 * this message.
 */
public record InstallSnapshot(long from, long to, long term, SnapshotDescriptor snapshot)
    implements Message {
  @Override
  public void deliverTo(Receiver receiver) {
    receiver.onInstallSnapshot(this);
  }
}

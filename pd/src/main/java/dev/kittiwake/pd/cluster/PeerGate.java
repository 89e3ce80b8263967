package dev.kittiwake.pd.cluster;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.meta.ClusterMeta;
import dev.kittiwake.pd.peer.PeerOutbox;
import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.proto.pdstore.PeerRefusal;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.MessageCodec;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a member's messages leave and enter: puts them into envelopes, finds the addresses, and
 * lets in only messages of this cluster, from members that are what they were. Confined to the
 * loop.
 */
public final class PeerGate {
  private static final Logger log = LoggerFactory.getLogger(PeerGate.class);
  private static final int VERSION = 1;
  private static final int MAX_TOLD = 1_000;

  /**
   * What the gate needs from the member behind it.
   *
   * @param step takes a message of the raft core
   * @param snapshotSent is told whether a snapshot has arrived at a member
   * @param expelled is told why this member can never take part again
   */
  record Inside(
      MemberRecord self,
      LongSupplier nanos,
      Supplier<ClusterMeta> meta,
      Consumer<Message> step,
      BiConsumer<Long, Boolean> snapshotSent,
      Consumer<String> expelled) {}

  private final Identity identity;
  private final Inside inside;
  private final PeerOutbox outbox;
  private final TreeMap<Long, MemberRecord> founders = new TreeMap<>();
  private final TreeMap<Long, MemberRecord> heard = new TreeMap<>(); // newest addresses
  private final TreeMap<Long, Long> heardNanos = new TreeMap<>();
  private final Set<String> told = new LinkedHashSet<>(); // what was logged already
  private String lastRefusal = "";

  PeerGate(Identity identity, Iterable<MemberRecord> founders, Inside inside, PeerOutbox outbox) {
    this.identity = identity;
    this.inside = inside;
    this.outbox = outbox;
    founders.forEach(each -> this.founders.put(each.getId(), each));
  }

  /** Why others did not take our messages, as far as they said; for people. */
  public String lastRefusal() {
    return lastRefusal;
  }

  /** As the member itself last said, or else as the group knows it. */
  public Optional<MemberRecord> find(long id) {
    MemberRecord found = heard.get(id);
    if (found == null) {
      found = inside.meta().get().member(id).orElse(founders.get(id));
    }
    return Optional.ofNullable(found);
  }

  /** What a member said of itself; empty if it was not heard since this member runs. */
  Optional<MemberRecord> heard(long id) {
    return Optional.ofNullable(heard.get(id));
  }

  boolean isHeardSince(long id, long sinceNanos) {
    Long at = heardNanos.get(id);
    return at != null && at - sinceNanos >= 0;
  }

  private long clusterId() {
    long known = inside.meta().get().clusterId();
    return known != 0 ? known : identity.clusterId();
  }

  private PeerEnvelope.Builder envelope(long to) {
    return PeerEnvelope.newBuilder()
        .setVersion(VERSION)
        .setClusterId(clusterId())
        .setFounding(identity.founding())
        .setFrom(inside.self())
        .setTo(to);
  }

  private static int crc(ByteString bytes) {
    CRC32C crc = new CRC32C();
    bytes.asReadOnlyByteBufferList().forEach(crc::update);
    return (int) crc.getValue();
  }

  /** Sends a message of the raft core; one to nobody we know is lost. */
  void send(Message message) {
    Optional<MemberRecord> to = find(message.to());
    boolean isSnapshot = message instanceof InstallSnapshot;
    if (to.isEmpty()) {
      if (isSnapshot) {
        inside.snapshotSent().accept(message.to(), false);
      }
      return;
    }
    ByteString raft = ByteString.copyFrom(MessageCodec.encode(message));
    PeerEnvelope envelope = envelope(message.to()).setRaft(raft).setCrc32C(crc(raft)).build();
    if (!isSnapshot) {
      outbox.send(to.get(), envelope);
      return;
    }
    long peer = message.to();
    outbox
        .sendSnapshot(to.get(), envelope)
        .whenComplete((done, failure) -> inside.snapshotSent().accept(peer, failure == null));
  }

  /** Says nothing but that we are here; who does not count us among its members refuses it. */
  void greet(long member) {
    find(member).ifPresent(to -> outbox.send(to, envelope(member).build()));
  }

  /** An envelope has arrived. */
  void receive(PeerEnvelope envelope) {
    MemberRecord from = envelope.getFrom();
    if (envelope.getVersion() != VERSION) {
      tell(
          "member "
              + from.getName()
              + " sends messages of version "
              + envelope.getVersion()
              + ", this program reads version "
              + VERSION);
      return;
    }
    if (envelope.getTo() != identity.memberId() || from.getId() == identity.memberId()) {
      tell(
          "a message of member "
              + from.getName()
              + " to member "
              + Long.toUnsignedString(envelope.getTo())
              + " came to member "
              + Long.toUnsignedString(identity.memberId())
              + ": check the addresses in the list of members");
      return;
    }
    if (envelope.hasRefusal()) {
      onRefusal(envelope);
      return;
    }
    Optional<PeerRefusal> refusal = refusal(envelope);
    if (refusal.isPresent()) {
      tell(
          "messages of member "
              + from.getName()
              + " at "
              + from.getPeerUrlsList()
              + " are refused: "
              + refusal.get().getReason());
      outbox.send(from, envelope(from.getId()).setRefusal(refusal.get()).build());
      return;
    }
    heard.put(from.getId(), from);
    heardNanos.put(from.getId(), inside.nanos().getAsLong());
    take(envelope);
  }

  private void take(PeerEnvelope envelope) {
    if (envelope.getRaft().isEmpty()) {
      return; // a greeting
    }
    if (crc(envelope.getRaft()) != envelope.getCrc32C()) {
      tell("a message of member " + envelope.getFrom().getName() + " was damaged on its way");
      return;
    }
    Message message;
    try {
      message = MessageCodec.decode(envelope.getRaft().toByteArray());
    } catch (IllegalArgumentException e) {
      tell("unreadable message of member " + envelope.getFrom().getName() + ": " + e.getMessage());
      return;
    }
    if (message.from() == envelope.getFrom().getId()) {
      inside.step().accept(message);
    }
  }

  private Optional<PeerRefusal> refusal(PeerEnvelope envelope) {
    MemberRecord from = envelope.getFrom();
    long theirs = envelope.getClusterId();
    long ours = clusterId();
    if (theirs != 0 && ours != 0 && theirs != ours) {
      return refused(
          "it belongs to cluster "
              + Long.toUnsignedString(theirs)
              + ", this is cluster "
              + Long.toUnsignedString(ours),
          false);
    }
    if ((theirs == 0 || ours == 0) && envelope.getFounding() != identity.founding()) {
      return refused("it was started with another list of first members", false);
    }
    ClusterMeta meta = inside.meta().get();
    if (meta.clusterId() != 0 && meta.hasLeft(from.getId())) {
      return refused("it has left the group", true);
    }
    long known = incarnation(from.getId());
    if (known != 0 && known != from.getIncarnation()) {
      return refused(
          "it does not have the data that it had, and may have forgotten what it promised: "
              + (meta.clusterId() != 0
                  ? "remove it from the group, then let it join again"
                  : "give the data back, or begin the group anew with empty directories"),
          true);
    }
    return Optional.empty();
  }

  /**
   * Of a member as the group wrote it down; or else as we heard it first, as it may have voted by
   * then. 0: not known.
   */
  private long incarnation(long id) {
    long written = inside.meta().get().member(id).map(MemberRecord::getIncarnation).orElse(0L);
    return written != 0 ? written : heard(id).map(MemberRecord::getIncarnation).orElse(0L);
  }

  private static Optional<PeerRefusal> refused(String reason, boolean isFinal) {
    return Optional.of(PeerRefusal.newBuilder().setReason(reason).setFinal(isFinal).build());
  }

  /** Only the own cluster can expel a member; others are at a wrong address. */
  private void onRefusal(PeerEnvelope envelope) {
    long ours = clusterId();
    lastRefusal =
        "member "
            + envelope.getFrom().getName()
            + " refuses this member: "
            + envelope.getRefusal().getReason();
    tell(lastRefusal);
    boolean isOurs =
        ours != 0 ? envelope.getClusterId() == ours : envelope.getFounding() == identity.founding();
    if (isOurs && envelope.getRefusal().getFinal()) {
      inside.expelled().accept(lastRefusal);
    }
  }

  /** Once; such messages come many times a second. */
  private void tell(String fact) {
    if (told.size() < MAX_TOLD && told.add(fact)) {
      log.warn("event=peer_message {}", fact);
    }
  }
}

package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.AddMember;
import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.pd.meta.RemoveMember;
import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.pd.replica.PdReplica;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.raft.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** The members of the placement driver, and orders about them. Confined to the loop. */
public final class Members {
  private final Identity identity;
  private final MemberRecord self;
  private final List<MemberRecord> founders;
  private final PdReplica replica;
  private final PeerGate gate;
  private final LongSupplier nanos;
  private final long silenceNanos; // after which a member does not count as well
  private final List<CompletableFuture<Void>> leavingLead = new ArrayList<>();
  private volatile Set<String> otherUrls = Set.of();
  private long urlsAsOf = -1; // number of changes of the members

  Members(PdCluster.Options options, PdReplica replica, PeerGate gate, LongSupplier nanos) {
    this.identity = options.identity();
    this.self = options.member();
    this.founders = options.founders();
    this.replica = replica;
    this.gate = gate;
    this.nanos = nanos;
    this.silenceNanos = 2 * options.leaseMillis() * 1_000_000;
  }

  /** All members by id; while there is no cluster yet, those that are to begin it. */
  public List<MemberRecord> known() {
    TreeMap<Long, MemberRecord> members = new TreeMap<>();
    if (replica.meta().clusterId() == 0) {
      founders.forEach(member -> members.put(member.getId(), member));
    }
    replica.meta().members().forEach(member -> members.put(member.getId(), member));
    members.putIfAbsent(self.getId(), self);
    return List.copyOf(members.values());
  }

  /** Under which URLs clients reach the other members. Any thread. */
  public Set<String> otherUrls() {
    return otherUrls;
  }

  /** The state may have changed. */
  void refresh() {
    if (urlsAsOf == replica.meta().memberChanges()) {
      return;
    }
    urlsAsOf = replica.meta().memberChanges();
    replaceUrls();
  }

  /** The state was replaced as a whole. */
  void replaceUrls() {
    TreeSet<String> urls = new TreeSet<>();
    for (MemberRecord member : known()) {
      if (member.getId() != self.getId()) {
        urls.addAll(member.getClientUrlsList());
      }
    }
    otherUrls = urls;
  }

  /** Whether a member was heard of not long ago; the leader hears all, the others the leader. */
  public boolean isWell(long memberId) {
    return memberId == self.getId()
        || gate.isHeardSince(memberId, nanos.getAsLong() - silenceNanos);
  }

  /**
   * Whoever does not vote and hears nobody greets the others, now and then: it may have missed that
   * it is out, and as it cannot campaign nobody would ever tell it.
   */
  void wonder() {
    if (replica.membership().voters().contains(self.getId())) {
      return;
    }
    List<Long> others =
        known().stream().map(MemberRecord::getId).filter(id -> id != self.getId()).toList();
    if (others.stream().noneMatch(this::isWell)) {
      others.forEach(gate::greet);
    }
  }

  /** Lets a member into the group: it is added to the list, and the roster does the rest. */
  public CompletableFuture<JoinResponse> admit(MemberRecord newcomer) {
    return replica
        .propose(new AddMember(newcomer))
        .thenApply(
            outcome -> {
              if (outcome instanceof Outcome.Refused refused) {
                throw io.grpc.Status.ALREADY_EXISTS
                    .withDescription(refused.message())
                    .asRuntimeException();
              }
              return JoinResponse.newBuilder()
                  .setClusterId(replica.meta().clusterId())
                  .setFounding(identity.founding())
                  .setMemberId(((Outcome.Done) outcome).value())
                  .addAllMembers(replica.meta().members())
                  .build();
            });
  }

  /**
   * A member is to leave the group.
   *
   * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if too few of those that would stay
   *     are well
   */
  public CompletableFuture<Outcome> remove(long id) {
    SortedSet<Long> staying = new TreeSet<>(replica.membership().voters());
    staying.remove(id);
    long well = staying.stream().filter(this::isWell).count();
    if (!staying.isEmpty() && well <= staying.size() / 2) {
      throw io.grpc.Status.FAILED_PRECONDITION
          .withDescription(
              "only "
                  + well
                  + " of the "
                  + staying.size()
                  + " members that would stay answer, most of them must: bring them back first")
          .asRuntimeException();
    }
    return replica.propose(new RemoveMember(id));
  }

  /**
   * Hands the lead over.
   *
   * @param to a member, or 0 for the one that is best
   * @return to whom; empty if nobody else can lead
   */
  public Optional<Long> handOver(long to) {
    Status status = replica.status();
    Optional<Long> successor =
        to != 0
            ? Optional.of(to).filter(status.membership().voters()::contains)
            : Roster.successor(status, new TreeSet<>());
    successor.ifPresent(replica::transferLeadership);
    return successor;
  }

  /** Hands the lead over if others could have it; {@code done} completes when it is gone. */
  public void leaveLead(CompletableFuture<Void> done) {
    if (replica.leadTerm() == 0 || replica.isSingle() || handOver(0).isEmpty()) {
      done.complete(null);
    } else {
      leavingLead.add(done);
    }
  }

  void onFollow() {
    List<CompletableFuture<Void>> told = List.copyOf(leavingLead);
    leavingLead.clear();
    told.forEach(each -> each.complete(null));
  }
}

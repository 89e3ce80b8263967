package dev.kittiwake.pd.group;

import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.pd.cluster.PdRuntime;
import dev.kittiwake.pd.peer.PeerOutbox;
import dev.kittiwake.pd.replica.Identity;
import dev.kittiwake.proto.pdpb.GetMembersRequest;
import dev.kittiwake.proto.pdpb.GetMembersResponse;
import dev.kittiwake.proto.pdstore.JoinResponse;
import dev.kittiwake.proto.pdstore.MemberRecord;
import dev.kittiwake.proto.pdstore.PeerEnvelope;
import dev.kittiwake.proto.rpc.PdMethod;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Members in one thread: they can be killed, paused, cut off, robbed of their disk. */
final class VirtualGroup {
  private static final long WALL_START = 1_700_000_000_000L;

  final VirtualTime time = new VirtualTime();
  private final SplittableRandom random;
  private final PdConfig.Timing timing;
  private final PdConfig.Group founders;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Set<String> cut = new TreeSet<>(); // "from>to"
  Predicate<Message> lost = message -> false; // messages that never arrive
  private long largest; // timestamp anybody was given
  long given; // how many

  /** One member, through all its lives. */
  final class Member {
    final String name;
    HangingStorage storage = new HangingStorage();
    long clockSkewMillis;
    PdServer server; // null: not running
    private VirtualTime.Loop loop;

    Member(String name) {
      this.name = name;
    }

    PdConfig config() {
      boolean begins = storage.identity().isEmpty(); // later its data says who it is
      PdConfig.Group group =
          begins && founders.founders().containsKey(name) ? founders : PdConfig.Group.ALONE;
      return PdConfig.inMemory()
          .withTiming(timing)
          .withAdvertise("http://" + name + ":1")
          .withGroup(name, group);
    }

    void start() {
      loop = time.loop();
      PdRuntime runtime =
          new PdRuntime(
              loop,
              () -> Instant.ofEpochMilli(WALL_START + time.nanos() / 1_000_000 + clockSkewMillis),
              time::nanos,
              random.split());
      server = PdServer.start(config(), runtime, storage, new Net(name));
    }

    /** Nothing of it runs any more; what was durable stays. */
    void kill() {
      loop.kill();
      storage.forgetWhatWasNotDurable();
      server = null;
    }

    void restart() {
      start();
    }

    void pause() {
      loop.pause();
    }

    void goOn() {
      loop.goOn();
    }

    boolean isServing() {
      if (server == null || loop.isShutdown()) {
        return false;
      }
      CompletableFuture<GetMembersResponse> answer = members();
      time.advance(1);
      return answer.isDone()
          && !answer.isCompletedExceptionally()
          && answer.join().getLeader().getName().equals(name);
    }

    CompletableFuture<GetMembersResponse> members() {
      return server.endpoint().call(PdMethod.GET_MEMBERS, GetMembersRequest.getDefaultInstance());
    }
  }

  private final class Net implements PeerOutbox {
    private final String from;

    Net(String from) {
      this.from = from;
    }

    @Override
    public void send(MemberRecord to, PeerEnvelope envelope) {
      if (envelope.hasRefusal()
          || !lost.test(MessageCodec.decode(envelope.getRaft().toByteArray()))) {
        deliver(to, envelope);
      }
    }

    private void deliver(MemberRecord to, PeerEnvelope envelope) {
      byte[] bytes = envelope.toByteArray();
      Member target = members.get(to.getName());
      if (target == null || cut.contains(from + ">" + to.getName())) {
        return;
      }
      time.later(
          1 + random.nextInt(3),
          () -> {
            if (target.server != null && !target.loop.isShutdown()) {
              target.server.receive(parsed(bytes));
            }
          });
    }
  }

  private static PeerEnvelope parsed(byte[] bytes) {
    try {
      return PeerEnvelope.parseFrom(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  VirtualGroup(long seed, String... names) {
    this(seed, PdConfig.Timing.DEFAULT, names);
  }

  VirtualGroup(long seed, PdConfig.Timing timing, String... names) {
    this.random = new SplittableRandom(seed);
    this.timing = timing;
    TreeMap<String, String> list = new TreeMap<>();
    for (String name : names) {
      list.put(name, name + ":1");
      members.put(name, new Member(name));
    }
    this.founders = new PdConfig.Group(list, java.util.List.of());
  }

  VirtualGroup start() {
    members.values().forEach(Member::start);
    return this;
  }

  Member member(String name) {
    return members.get(name);
  }

  Iterable<Member> all() {
    return members.values();
  }

  java.util.List<Member> members() {
    return java.util.List.copyOf(members.values());
  }

  /** It is out of the group and will not be started again. */
  void forget(Member member) {
    members.remove(member.name);
  }

  void cut(String from, String to) {
    cut.add(from + ">" + to);
  }

  /** Nobody hears it, it hears nobody. */
  void isolate(String name) {
    for (String other : members.keySet()) {
      cut(name, other);
      cut(other, name);
    }
  }

  void heal() {
    cut.clear();
  }

  Optional<Member> leader() {
    for (Member member : members.values()) {
      if (member.isServing()) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  /** Waits until somebody serves. */
  Member awaitLeader(long maxMillis) {
    return awaitOtherLeader(maxMillis, "");
  }

  /** Waits until somebody else than {@code not} serves. */
  Member awaitOtherLeader(long maxMillis, String not) {
    long end = time.nanos() + maxMillis * 1_000_000;
    while (time.nanos() < end) {
      Optional<Member> leader = leader().filter(found -> !found.name.equals(not));
      if (leader.isPresent()) {
        return leader.get();
      }
      time.advance(10);
    }
    throw new AssertionError("nobody serves after " + maxMillis + " ms");
  }

  /** A newcomer asks {@code at} to be let in, and starts. */
  Member join(String name, Member at) {
    Member newcomer = new Member(name);
    members.put(name, newcomer);
    Identity asking = Identity.newcomer(name, random.nextLong() | 1);
    CompletableFuture<JoinResponse> answer =
        at.server.admit(asking.record("http://" + name + ":1"));
    time.advance(100);
    JoinResponse admitted = answer.join();
    newcomer.storage.keepIdentity(
        asking.admitted(admitted.getMemberId(), admitted.getFounding(), admitted.getClusterId()));
    newcomer.start();
    return newcomer;
  }

  /** As {@link #join}, but nothing comes of it if {@code at} does not answer, or refuses. */
  Optional<Member> tryToJoin(String name, Member at) {
    Identity asking = Identity.newcomer(name, random.nextLong() | 1);
    CompletableFuture<JoinResponse> answer =
        at.server.admit(asking.record("http://" + name + ":1"));
    time.advance(500);
    if (!answer.isDone() || answer.isCompletedExceptionally()) {
      return Optional.empty();
    }
    Member newcomer = new Member(name);
    members.put(name, newcomer);
    newcomer.storage.keepIdentity(
        asking.admitted(
            answer.join().getMemberId(),
            answer.join().getFounding(),
            answer.join().getClusterId()));
    newcomer.start();
    return Optional.of(newcomer);
  }

  /** Asks all members for a timestamp; each that is given must exceed all before it. */
  void askAll() {
    for (Member member : members.values()) {
      if (member.server != null && !member.loop.isShutdown() && !member.loop.paused()) {
        long before = largest;
        CompletableFuture<Long> answer =
            member.server.endpoint().timestamps(0, 1 + random.nextInt(3));
        time.advance(1);
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
          long ts = answer.join();
          if (Long.compareUnsigned(ts, before) <= 0) {
            throw new AssertionError(member.name + " gave " + ts + " after " + before);
          }
          largest = ts;
          given++;
        }
      }
    }
  }

  /** The physical part of the largest timestamp, against the wall clock that is right. */
  long aheadMillis() {
    return (largest >>> 18) - (WALL_START + time.nanos() / 1_000_000);
  }

  long largest() {
    return largest;
  }

  /** Lets time pass while clients ask for timestamps. */
  void runUnderLoad(long millis) {
    long end = time.nanos() + millis * 1_000_000;
    while (time.nanos() < end) {
      askAll();
      time.advance(5);
    }
  }
}

package dev.kittiwake.raft.script;

import dev.kittiwake.raft.AppendReply;
import dev.kittiwake.raft.Change;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.MembershipChange;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.MessageCodec;
import dev.kittiwake.raft.Proposal;
import dev.kittiwake.raft.RaftConfig;
import dev.kittiwake.raft.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Interprets a script. Messages wait until they are delivered; disks sync at once unless held.
 *
 * <pre>
 * group 1 2 3 [plain]         voters, started; plain = without pre-vote and quorum check
 * spare 4                     a replica that is no member yet
 * tick P [n] | campaign P | propose P text | read P id... | transfer P to | compact P index
 * change P add N | learner N | remove N | joint +N ~N -N ... [auto] | leave
 * deliver                     all messages, and those they cause, until none is left
 * step                        only those waiting now
 * lose                        all waiting messages are lost
 * aside | back                waiting messages are laid aside; come back, behind the others
 * suspect P Q                 P hears that the process of Q may have ended
 * failed P Q                  P hears that its snapshot has not reached Q
 * cut P... | heal             messages between these and the others are lost; no more
 * deaf P...                   messages to these are lost, theirs arrive; until healed
 * live n P...                 n ticks for each of these, messages delivered in between
 * acknowledge P Q index        Q hears from P that it holds everything up to index
 * hold P | sync P             the disk of P stops; catches up
 * slowly | quickly            snapshots are installed only when told to; now, and at once again
 * crash P | start P
 * patient                     from now on election timeouts are the longest, 15 ticks, not 10
 * quiet | loud                do not print; print
 * leases                      also print when a quorum has answered a leader
 * show                        every replica
 * </pre>
 */
final class ScriptedGroup {
  private final List<String> output = new ArrayList<>();
  private final TreeMap<Long, ScriptedPeer> peers = new TreeMap<>();
  private final ArrayDeque<Message> network = new ArrayDeque<>();
  private final ArrayDeque<Message> aside = new ArrayDeque<>();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final TreeSet<Long> island = new TreeSet<>();
  private final TreeSet<Long> deaf = new TreeSet<>();
  private ArrayDeque<Runnable> installing; // held back, or null
  final RandomGenerator timeouts =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          throw new UnsupportedOperationException("only timeouts are drawn");
        }

        @Override
        public int nextInt(int bound) {
          return patient ? bound - 1 : 0;
        }
      };
  private boolean patient;
  private boolean plain;
  private boolean quiet;
  private boolean leases;

  List<String> run(List<String> input) {
    for (String line : input) {
      if (!quiet) {
        output.add("> " + line);
      }
      List<String> words = Arrays.asList(line.trim().split("\\s+"));
      execute(words.get(0), words.subList(1, words.size()));
      settle();
    }
    return output;
  }

  RaftConfig config(RaftConfig config) {
    return plain ? config.withElectionRules(false, false) : config;
  }

  void say(String line) {
    if (!quiet) {
      output.add(line);
    }
  }

  void contact(long leader) {
    if (leases) {
      say(leader + " may hold a lease");
    }
  }

  void later(Runnable task) {
    (installing == null ? tasks : installing).add(task);
  }

  void send(Message message) {
    network.add(MessageCodec.decode(MessageCodec.encode(message)));
  }

  private void execute(String verb, List<String> args) {
    switch (verb) {
      case "group" -> group(args);
      case "spare" -> add(number(args, 0), Membership.NONE);
      case "deliver" -> {
        while (!network.isEmpty()) {
          deliver(network.poll());
        }
      }
      case "step" -> {
        for (int waiting = network.size(); waiting > 0; waiting--) {
          deliver(network.poll());
        }
      }
      case "lose" -> network.clear();
      case "aside" -> {
        aside.addAll(network);
        network.clear();
      }
      case "back" -> {
        network.addAll(aside);
        aside.clear();
      }
      case "cut" -> args.forEach(arg -> island.add(Long.parseLong(arg)));
      case "deaf" -> args.forEach(arg -> deaf.add(Long.parseLong(arg)));
      case "heal" -> {
        island.clear();
        deaf.clear();
      }
      case "live" -> live(number(args, 0), args.subList(1, args.size()));
      case "acknowledge" -> {
        ScriptedPeer to = peers.get(number(args, 1));
        to.driver.step(
            new AppendReply(number(args, 0), to.id, to.driver.term(), number(args, 2), 0));
      }
      case "slowly" -> installing = new ArrayDeque<>();
      case "quickly" -> {
        tasks.addAll(installing);
        installing = null;
      }
      case "patient" -> patient = true;
      case "quiet" -> quiet = true;
      case "leases" -> leases = true;
      case "loud" -> quiet = false;
      case "show" -> peers.values().forEach(this::show);
      default -> peer(verb, peers.get(number(args, 0)), args);
    }
  }

  private void peer(String verb, ScriptedPeer peer, List<String> args) {
    switch (verb) {
      case "tick" -> {
        for (long i = args.size() > 1 ? number(args, 1) : 1; i > 0; i--) {
          peer.driver.tick();
          peer.driver.pump();
        }
      }
      case "campaign" -> peer.driver.campaign();
      case "suspect" -> peer.driver.suspectLeader(number(args, 1));
      case "failed" -> peer.driver.snapshotSent(number(args, 1), false);
      case "propose" -> answer(peer.driver.propose(args.get(1).getBytes(StandardCharsets.UTF_8)));
      case "read" -> args.stream().skip(1).forEach(id -> peer.driver.readIndex(Long.parseLong(id)));
      case "transfer" -> peer.driver.transferLeadership(number(args, 1));
      case "compact" -> peer.driver.compact(number(args, 1));
      case "change" -> answer(peer.driver.proposeMembership(change(args.subList(1, args.size()))));
      case "hold" -> peer.diskHeld = true;
      case "sync" -> peer.diskHeld = false;
      case "crash" -> peer.crash();
      case "start" -> peer.start();
      default -> throw new IllegalArgumentException("unknown command " + verb);
    }
  }

  private void live(long ticks, List<String> who) {
    for (long i = 0; i < ticks; i++) {
      for (String peer : who) {
        execute("tick", List.of(peer));
        settle();
        execute("deliver", List.of());
      }
    }
  }

  private void group(List<String> args) {
    plain = args.contains("plain");
    long[] voters =
        args.stream().filter(arg -> !arg.equals("plain")).mapToLong(Long::parseLong).toArray();
    for (long voter : voters) {
      add(voter, Membership.of(voters));
    }
  }

  private void add(long id, Membership membership) {
    ScriptedPeer peer = new ScriptedPeer(id, this, membership);
    peers.put(id, peer);
    peer.start();
  }

  private static MembershipChange change(List<String> args) {
    byte[] context = new byte[0];
    return switch (args.get(0)) {
      case "add" -> MembershipChange.simple(Change.addVoter(number(args, 1)), context);
      case "learner" -> MembershipChange.simple(Change.addLearner(number(args, 1)), context);
      case "remove" -> MembershipChange.simple(Change.remove(number(args, 1)), context);
      case "leave" -> MembershipChange.leaveJoint(context);
      case "joint" -> {
        List<Change> changes = new ArrayList<>();
        for (String arg : args.subList(1, args.size())) {
          switch (arg.charAt(0)) {
            case '+' -> changes.add(Change.addVoter(Long.parseLong(arg.substring(1))));
            case '~' -> changes.add(Change.addLearner(Long.parseLong(arg.substring(1))));
            case '-' -> changes.add(Change.remove(Long.parseLong(arg.substring(1))));
            default -> {}
          }
        }
        yield MembershipChange.enterJoint(changes, args.contains("auto"), context);
      }
      default -> throw new IllegalArgumentException("unknown change " + args);
    };
  }

  private void answer(Proposal proposal) {
    if (proposal instanceof Proposal.Refused refused) {
      say("refused " + refused.reason() + ": " + refused.detail());
    }
  }

  private void deliver(Message message) {
    ScriptedPeer to = peers.get(message.to());
    boolean lost =
        island.contains(message.from()) != island.contains(message.to())
            || deaf.contains(message.to());
    if (lost || to == null || to.driver == null) {
      say(MessageLine.of(message) + "  ✗");
      return;
    }
    say(MessageLine.of(message));
    to.driver.step(message);
    settle();
    if (message instanceof InstallSnapshot && peers.get(message.from()).driver != null) {
      peers.get(message.from()).driver.snapshotSent(message.to(), true);
      settle();
    }
  }

  /** Every replica does its work and every disk that is not held syncs, until nothing moves. */
  private void settle() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (ScriptedPeer peer : peers.values()) {
        if (peer.driver == null) {
          continue;
        }
        if (peer.driver.hasWork()) {
          peer.driver.pump();
          moved = true;
        }
        if (peer.log.dirty() && !peer.diskHeld) {
          peer.log.sync(1);
          moved = true;
        }
      }
      if (!tasks.isEmpty()) {
        tasks.poll().run();
        moved = true;
      }
    }
  }

  private void show(ScriptedPeer peer) {
    if (peer.driver == null) {
      say(peer.id + " is down");
      return;
    }
    Status status = peer.driver.status();
    long first = peer.log.start().index() + 1;
    say(
        peer.id
            + " "
            + status.role()
            + " term "
            + status.term()
            + " commit "
            + status.commit()
            + " log "
            + peer.log.start()
            + ":"
            + MessageLine.entries(
                peer.log.entries(first, peer.log.lastIndex() + 1, Long.MAX_VALUE)));
  }

  private static long number(List<String> args, int at) {
    return Long.parseLong(args.get(at));
  }
}

package dev.kittiwake.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * Messages as bytes: a format byte, a tag, from, to, term, then the message's own fields in the
 * order of its record. Numbers are seven bits an octet, low bits first. The network envelope
 * carries these bytes and names the group.
 */
public final class MessageCodec {
  private static final int FORMAT = 1;

  private static final int APPEND = 1;
  private static final int APPEND_REPLY = 2;
  private static final int APPEND_REJECTED = 3;
  private static final int VOTE = 4;
  private static final int VOTE_REPLY = 5;
  private static final int HEARTBEAT = 6;
  private static final int HEARTBEAT_REPLY = 7;
  private static final int INSTALL_SNAPSHOT = 8;
  private static final int TIMEOUT_NOW = 9;
  private static final int TRANSFER_LEADER = 10;
  private static final int READ_INDEX_REQUEST = 11;
  private static final int READ_INDEX_REPLY = 12;

  private MessageCodec() {}

  public static byte[] encode(Message message) {
    Encoder encoder = new Encoder();
    message.deliverTo(encoder);
    return encoder.sink.toBytes();
  }

  /**
   * @throws IllegalArgumentException if the bytes are no message of a known format
   */
  public static Message decode(byte[] encoded) {
    ByteSource in = new ByteSource(encoded);
    in.format(FORMAT, "raft message");
    int tag = in.octet();
    long from = in.number();
    long to = in.number();
    long term = in.number();
    Message message =
        switch (tag) {
          case APPEND -> append(from, to, term, in);
          case APPEND_REPLY -> new AppendReply(from, to, term, in.number(), in.number());
          case APPEND_REJECTED ->
              new AppendRejected(from, to, term, in.number(), in.position(), in.number());
          case VOTE ->
              new Vote(from, to, term, in.position(), in.position(), in.flag(), in.number());
          case VOTE_REPLY -> new VoteReply(from, to, term, in.flag(), in.flag(), in.position());
          case HEARTBEAT -> new Heartbeat(from, to, term, in.number(), in.number());
          case HEARTBEAT_REPLY -> new HeartbeatReply(from, to, term, in.number());
          case INSTALL_SNAPSHOT ->
              new InstallSnapshot(from, to, term, SnapshotDescriptor.readFrom(in));
          case TIMEOUT_NOW -> new TimeoutNow(from, to, term, in.number());
          case TRANSFER_LEADER -> new TransferLeader(from, to, term, in.number());
          case READ_INDEX_REQUEST -> new ReadIndexRequest(from, to, term, in.number());
          case READ_INDEX_REPLY -> new ReadIndexReply(from, to, term, in.number(), in.number());
          default -> throw new IllegalArgumentException("unknown raft message " + tag);
        };
    in.end();
    return message;
  }

  /** Entries follow one another, so only the first index is written, and each term. */
  private static Append append(long from, long to, long term, ByteSource in) {
    LogPosition previous = in.position();
    long commit = in.number();
    long round = in.number();
    int count = in.count(3);
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long entryTerm = in.number();
      Entry.Kind kind = Entry.Kind.of(in.octet());
      entries.add(new Entry(previous.index() + 1 + i, entryTerm, kind, in.bytes()));
    }
    return new Append(from, to, term, previous, entries, commit, round);
  }

  private static final class Encoder implements Receiver {
    private ByteSink sink;

    private ByteSink begin(int tag, Message message, long moreBytes) {
      sink = new ByteSink(Math.toIntExact(48 + moreBytes));
      return sink.octet(FORMAT)
          .octet(tag)
          .number(message.from())
          .number(message.to())
          .number(message.term());
    }

    @Override
    public void onAppend(Append append) {
      long bytes = 0;
      for (Entry entry : append.entries()) {
        bytes += entry.bytes();
      }
      begin(APPEND, append, bytes)
          .position(append.previous())
          .number(append.commit())
          .number(append.round());
      sink.number(append.entries().size());
      for (Entry entry : append.entries()) {
        sink.number(entry.term()).octet(entry.kind().ordinal()).bytes(entry.payload());
      }
    }

    @Override
    public void onAppendReply(AppendReply reply) {
      begin(APPEND_REPLY, reply, 0).number(reply.match()).number(reply.round());
    }

    @Override
    public void onAppendRejected(AppendRejected rejected) {
      begin(APPEND_REJECTED, rejected, 0)
          .number(rejected.rejected())
          .position(rejected.hint())
          .number(rejected.round());
    }

    @Override
    public void onVote(Vote vote) {
      begin(VOTE, vote, 0)
          .position(vote.last())
          .position(vote.commit())
          .flag(vote.preVote())
          .number(vote.transferRound());
    }

    @Override
    public void onVoteReply(VoteReply reply) {
      begin(VOTE_REPLY, reply, 0)
          .flag(reply.granted())
          .flag(reply.preVote())
          .position(reply.commit());
    }

    @Override
    public void onHeartbeat(Heartbeat heartbeat) {
      begin(HEARTBEAT, heartbeat, 0).number(heartbeat.commit()).number(heartbeat.round());
    }

    @Override
    public void onHeartbeatReply(HeartbeatReply reply) {
      begin(HEARTBEAT_REPLY, reply, 0).number(reply.round());
    }

    @Override
    public void onInstallSnapshot(InstallSnapshot install) {
      begin(INSTALL_SNAPSHOT, install, install.snapshot().data().length);
      install.snapshot().writeTo(sink);
    }

    @Override
    public void onTimeoutNow(TimeoutNow timeoutNow) {
      begin(TIMEOUT_NOW, timeoutNow, 0).number(timeoutNow.round());
    }

    @Override
    public void onTransferLeader(TransferLeader transfer) {
      begin(TRANSFER_LEADER, transfer, 0).number(transfer.target());
    }

    @Override
    public void onReadIndexRequest(ReadIndexRequest request) {
      begin(READ_INDEX_REQUEST, request, 0).number(request.requestId());
    }

    @Override
    public void onReadIndexReply(ReadIndexReply reply) {
      begin(READ_INDEX_REPLY, reply, 0).number(reply.requestId()).number(reply.index());
    }
  }
}

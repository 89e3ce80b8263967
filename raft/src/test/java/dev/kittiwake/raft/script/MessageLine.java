package dev.kittiwake.raft.script;

import dev.kittiwake.raft.Append;
import dev.kittiwake.raft.AppendRejected;
import dev.kittiwake.raft.AppendReply;
import dev.kittiwake.raft.Entry;
import dev.kittiwake.raft.Heartbeat;
import dev.kittiwake.raft.HeartbeatReply;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.Message;
import dev.kittiwake.raft.ReadIndexReply;
import dev.kittiwake.raft.ReadIndexRequest;
import dev.kittiwake.raft.Receiver;
import dev.kittiwake.raft.TimeoutNow;
import dev.kittiwake.raft.TransferLeader;
import dev.kittiwake.raft.Vote;
import dev.kittiwake.raft.VoteReply;

/** A message as a line of a script. */
final class MessageLine implements Receiver {
  private String text;

  static String of(Message message) {
    MessageLine line = new MessageLine();
    message.deliverTo(line);
    return message.from() + "→" + message.to() + " term " + message.term() + " " + line.text;
  }

  static String entries(Iterable<Entry> entries) {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      text.append(' ').append(entry(entry));
    }
    return text.toString();
  }

  static String entry(Entry entry) {
    String what =
        switch (entry.kind()) {
          case COMMAND ->
              "=" + new String(entry.payload(), java.nio.charset.StandardCharsets.UTF_8);
          case MEMBERSHIP -> "=members";
          case EMPTY -> "";
        };
    return entry.index() + "@" + entry.term() + what;
  }

  @Override
  public void onAppend(Append append) {
    text =
        "append after "
            + append.previous()
            + ":"
            + entries(append.entries())
            + " commit "
            + append.commit();
  }

  @Override
  public void onAppendReply(AppendReply reply) {
    text = "appended, match " + reply.match();
  }

  @Override
  public void onAppendRejected(AppendRejected rejected) {
    text = "rejected at " + rejected.rejected() + ", hint " + rejected.hint();
  }

  @Override
  public void onVote(Vote vote) {
    text =
        (vote.preVote() ? "would you vote? " : "vote! ")
            + "last "
            + vote.last()
            + (vote.transferRound() == Vote.NO_TRANSFER ? "" : " handed over");
  }

  @Override
  public void onVoteReply(VoteReply reply) {
    text = (reply.preVote() ? "would " : "") + (reply.granted() ? "grant" : "refuse");
  }

  @Override
  public void onHeartbeat(Heartbeat heartbeat) {
    text = "heartbeat round " + heartbeat.round() + " commit " + heartbeat.commit();
  }

  @Override
  public void onHeartbeatReply(HeartbeatReply reply) {
    text = "alive, round " + reply.round();
  }

  @Override
  public void onInstallSnapshot(InstallSnapshot install) {
    text = install.snapshot().toString();
  }

  @Override
  public void onTimeoutNow(TimeoutNow timeoutNow) {
    text = "campaign now";
  }

  @Override
  public void onTransferLeader(TransferLeader transfer) {
    text = "hand leadership to " + transfer.target();
  }

  @Override
  public void onReadIndexRequest(ReadIndexRequest request) {
    text = "read " + request.requestId() + "?";
  }

  @Override
  public void onReadIndexReply(ReadIndexReply reply) {
    text = "read " + reply.requestId() + (reply.index() < 0 ? " refused" : " at " + reply.index());
  }
}

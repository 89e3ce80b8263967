package dev.kittiwake.kv.transport;

import dev.kittiwake.proto.store.SnapshotAccepted;
import dev.kittiwake.proto.store.SnapshotChunk;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One snapshot arriving over gRPC. The next chunk is asked for only when the one before is written,
 * so the sender's pace is the disk's. A sender that does not send what it was asked for is given
 * up: it holds a place that others need.
 */
final class IncomingSnapshot implements StreamObserver<SnapshotChunk> {
  private final StoreTransportService service;
  private final ServerCallStreamObserver<SnapshotAccepted> sender;
  private final Executor serial;
  private final Patience patience;
  private SnapshotReceiver receiver; // in serial only, like the next
  private long askedAt; // when the next chunk was asked for
  private boolean over;

  IncomingSnapshot(
      StoreTransportService service,
      StreamObserver<SnapshotAccepted> sender,
      Executor serial,
      Patience patience) {
    this.service = service;
    this.sender = (ServerCallStreamObserver<SnapshotAccepted>) sender;
    this.serial = serial;
    this.patience = patience;
    this.sender.disableAutoRequest();
    ask();
    lookAgain(patience.idleNanos());
  }

  private void ask() {
    askedAt = patience.nanos().getAsLong();
    sender.request(1);
  }

  private void lookAgain(long afterNanos) {
    patience
        .timer()
        .schedule(() -> serial.execute(this::endIfSilent), afterNanos, TimeUnit.NANOSECONDS);
  }

  /** Runs between two chunks: the time that it takes to write one does not count. */
  private void endIfSilent() {
    if (over) {
      return;
    }
    long left = patience.idleNanos() - (patience.nanos().getAsLong() - askedAt);
    if (left > 0) {
      lookAgain(left);
      return;
    }
    breakOff();
    sender.onError(
        Status.ABORTED.withDescription("the snapshot's sender was silent").asException());
  }

  @Override
  public void onNext(SnapshotChunk chunk) {
    serial.execute(() -> take(chunk));
  }

  private void take(SnapshotChunk chunk) {
    if (over) {
      return;
    }
    try {
      switch (chunk.getChunkCase()) {
        case START -> {
          abort(); // a second start gives the first one up
          receiver = service.begin(chunk.getStart());
        }
        case BLOCK -> started().accept(chunk.getBlock());
        case END -> {
          started().finish(chunk.getEnd());
          over = true;
          sender.onNext(SnapshotAccepted.getDefaultInstance());
          sender.onCompleted();
        }
        default -> throw new IllegalArgumentException("a chunk of a snapshot is empty");
      }
      if (!over) {
        ask();
      }
    } catch (RuntimeException refused) {
      over = true;
      abort();
      sender.onError(Status.ABORTED.withDescription(refused.getMessage()).asException());
    }
  }

  private SnapshotReceiver started() {
    if (receiver == null) {
      throw new IllegalArgumentException("a snapshot begins without its start");
    }
    return receiver;
  }

  private void abort() {
    if (receiver != null) {
      receiver.abort();
    }
  }

  @Override
  public void onError(Throwable failure) {
    serial.execute(this::breakOff);
  }

  @Override
  public void onCompleted() {
    serial.execute(
        () -> {
          if (!over) {
            breakOff();
            sender.onError(
                Status.ABORTED.withDescription("the snapshot ended too early").asException());
          }
        });
  }

  private void breakOff() {
    over = true;
    abort();
  }
}

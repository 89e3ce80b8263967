package dev.kittiwake.kv.transport;

import dev.kittiwake.proto.store.SnapshotAccepted;
import dev.kittiwake.proto.store.SnapshotChunk;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/**
 * One snapshot arriving over gRPC. The next chunk is asked for only when the one before is written,
 * so the sender's pace is the disk's.
 */
final class IncomingSnapshot implements StreamObserver<SnapshotChunk> {
  private final StoreTransportService service;
  private final ServerCallStreamObserver<SnapshotAccepted> sender;
  private final Executor serial;
  private SnapshotReceiver receiver; // in serial only, like the next
  private boolean over;

  IncomingSnapshot(
      StoreTransportService service, StreamObserver<SnapshotAccepted> sender, Executor serial) {
    this.service = service;
    this.sender = (ServerCallStreamObserver<SnapshotAccepted>) sender;
    this.serial = serial;
    this.sender.disableAutoRequest();
    this.sender.request(1);
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
        sender.request(1);
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

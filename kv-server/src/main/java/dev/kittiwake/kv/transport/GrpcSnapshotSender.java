package dev.kittiwake.kv.transport;

import dev.kittiwake.proto.store.SnapshotAccepted;
import dev.kittiwake.proto.store.SnapshotBlock;
import dev.kittiwake.proto.store.SnapshotChunk;
import dev.kittiwake.proto.store.SnapshotStart;
import dev.kittiwake.proto.store.StoreTransportGrpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Streams one snapshot over gRPC: a block is read when the stream has room and the pace allows it.
 * The blocks are read by one worker at a time.
 */
final class GrpcSnapshotSender implements ClientResponseObserver<SnapshotChunk, SnapshotAccepted> {
  private final GrpcRaftTransport.Wire wire;
  private final SnapshotPace pace;
  private final Envelope announcement;
  private final SnapshotStream blocks;
  private final Consumer<Boolean> done;
  private final AtomicBoolean stepping = new AtomicBoolean(); // a step is queued or running
  private final AtomicBoolean ended = new AtomicBoolean();
  private ClientCallStreamObserver<SnapshotChunk> call;
  private boolean started; // guarded by stepping
  private boolean allSent; // guarded by stepping

  GrpcSnapshotSender(
      GrpcRaftTransport.Wire wire,
      SnapshotPace pace,
      Envelope announcement,
      SnapshotStream blocks,
      Consumer<Boolean> done) {
    this.wire = wire;
    this.pace = pace;
    this.announcement = announcement;
    this.blocks = blocks;
    this.done = done;
  }

  void start(ManagedChannel channel) {
    StoreTransportGrpc.newStub(channel).sendSnapshot(this);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SnapshotChunk> observer) {
    call = observer;
    observer.setOnReadyHandler(() -> schedule(0));
  }

  private void schedule(long sent) {
    if (!ended.get() && stepping.compareAndSet(false, true)) {
      pace.after(sent, this::step);
    }
  }

  private void step() {
    long sent = 0;
    try {
      if (!ended.get() && !allSent && call.isReady()) {
        sent = sendNext();
      }
    } catch (RuntimeException broken) {
      call.cancel("the snapshot cannot be read", broken);
      end(false);
    }
    boolean more = sent > 0 && !allSent;
    stepping.set(false);
    if (ended.get()) {
      closeBlocks();
    } else if (more || (!allSent && call.isReady())) {
      schedule(sent);
    }
  }

  private long sendNext() {
    if (!started) {
      started = true;
      call.onNext(
          SnapshotChunk.newBuilder()
              .setStart(
                  SnapshotStart.newBuilder()
                      .setClusterId(wire.clusterId())
                      .setToStore(announcement.to().getStoreId())
                      .setEnvelope(announcement.encode()))
              .build());
      return 1;
    }
    SnapshotBlock block = blocks.next();
    if (block != null) {
      call.onNext(SnapshotChunk.newBuilder().setBlock(block).build());
      return block.getPairs().size();
    }
    call.onNext(SnapshotChunk.newBuilder().setEnd(blocks.end()).build());
    call.onCompleted();
    allSent = true;
    return 0;
  }

  @Override
  public void onNext(SnapshotAccepted accepted) {
    end(true);
  }

  @Override
  public void onError(Throwable failure) {
    end(false);
  }

  @Override
  public void onCompleted() {
    end(false); // without an answer before: not accepted
  }

  private void end(boolean ok) {
    if (ended.compareAndSet(false, true)) {
      done.accept(ok);
      if (stepping.compareAndSet(false, true)) {
        closeBlocks();
      }
    }
  }

  /** Only while no step runs, and none follows. */
  private void closeBlocks() {
    stepping.set(true);
    blocks.close();
  }
}

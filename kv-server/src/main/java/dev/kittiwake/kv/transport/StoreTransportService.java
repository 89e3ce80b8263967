package dev.kittiwake.kv.transport;

import dev.kittiwake.proto.store.ExchangeEnd;
import dev.kittiwake.proto.store.RaftEnvelope;
import dev.kittiwake.proto.store.RaftEnvelopes;
import dev.kittiwake.proto.store.SnapshotAccepted;
import dev.kittiwake.proto.store.SnapshotChunk;
import dev.kittiwake.proto.store.SnapshotStart;
import dev.kittiwake.proto.store.StoreTransportGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Receives what other stores send over gRPC. Thread-safe. */
public final class StoreTransportService extends StoreTransportGrpc.StoreTransportImplBase {
  private final long clusterId;
  private final long storeId;
  private final RaftInbox inbox;
  private final Executor workers;
  private final Patience patience;

  /**
   * @param workers write received snapshots to disk, each in order
   * @param patience with senders of snapshots
   */
  public StoreTransportService(
      long clusterId, long storeId, RaftInbox inbox, Executor workers, Patience patience) {
    this.clusterId = clusterId;
    this.storeId = storeId;
    this.inbox = inbox;
    this.workers = workers;
    this.patience = patience;
  }

  @Override
  public StreamObserver<RaftEnvelopes> exchange(StreamObserver<ExchangeEnd> sender) {
    return new StreamObserver<>() {
      private boolean refused;
      private long from; // the sending store; 0 until it has sent something

      @Override
      public void onNext(RaftEnvelopes frame) {
        if (refused) {
          return;
        }
        if (frame.getClusterId() != clusterId || frame.getToStore() != storeId) {
          refused = true;
          sender.onError(notForUs(frame.getClusterId(), frame.getToStore()));
          return;
        }
        try {
          List<Envelope> envelopes = new ArrayList<>(frame.getEnvelopesCount());
          for (RaftEnvelope envelope : frame.getEnvelopesList()) {
            envelopes.add(Envelope.decode(envelope));
          }
          from = frame.getFromStore();
          inbox.receive(envelopes);
        } catch (IllegalArgumentException unreadable) {
          refused = true;
          sender.onError(
              Status.INVALID_ARGUMENT.withDescription(unreadable.getMessage()).asException());
        }
      }

      @Override
      public void onError(Throwable failure) {
        if (from != 0) {
          inbox.connectionLost(from); // it connects again when it is back
        }
      }

      @Override
      public void onCompleted() {
        if (!refused) {
          sender.onNext(ExchangeEnd.getDefaultInstance());
          sender.onCompleted();
        }
      }
    };
  }

  @Override
  public StreamObserver<SnapshotChunk> sendSnapshot(StreamObserver<SnapshotAccepted> sender) {
    return new IncomingSnapshot(this, sender, new SerialExecutor(workers), patience);
  }

  SnapshotReceiver begin(SnapshotStart start) {
    if (start.getClusterId() != clusterId || start.getToStore() != storeId) {
      throw new IllegalStateException("the snapshot is for another store");
    }
    return inbox.receiveSnapshot(Envelope.decode(start.getEnvelope()));
  }

  private Throwable notForUs(long cluster, long store) {
    return Status.FAILED_PRECONDITION
        .withDescription(
            "this is store "
                + storeId
                + " of cluster "
                + Long.toUnsignedString(clusterId)
                + ", not store "
                + store
                + " of cluster "
                + Long.toUnsignedString(cluster))
        .asException();
  }
}

package dev.kittiwake.kv.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.cluster.SimCluster.SimStore;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.transport.Envelope;
import dev.kittiwake.kv.transport.Patience;
import dev.kittiwake.kv.transport.StoreTransportService;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.store.SnapshotAccepted;
import dev.kittiwake.proto.store.SnapshotBlock;
import dev.kittiwake.proto.store.SnapshotChunk;
import dev.kittiwake.proto.store.SnapshotStart;
import dev.kittiwake.raft.InstallSnapshot;
import dev.kittiwake.raft.LogPosition;
import dev.kittiwake.raft.Membership;
import dev.kittiwake.raft.SnapshotDescriptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whoever begins to send a snapshot has a place at the receiver, which others may wait for. */
class SilentSenderTest {
  private static final int IDLE_SECONDS = 60;

  private final SimCluster cluster =
      new SimCluster(95, KvConfig.fastTest().with(KvSetting.SNAPSHOT_CONCURRENCY, "1"));
  private final SimStore store = cluster.add();
  private final StoreTransportService service =
      new StoreTransportService(
          77,
          store.node.storeId(),
          store.inbox(),
          cluster.time,
          new Patience(cluster.time, cluster.time::nanos, TimeUnit.SECONDS.toNanos(IDLE_SECONDS)));

  /** The receiver's side of one call: what it was asked for, and told. */
  private static final class Call extends ServerCallStreamObserver<SnapshotAccepted> {
    private StreamObserver<SnapshotChunk> chunks;
    private int asked;
    private Status ended;

    @Override
    public void request(int count) {
      asked += count;
    }

    @Override
    public void onError(Throwable failure) {
      ended = Status.fromThrowable(failure);
    }

    @Override
    public void onNext(SnapshotAccepted accepted) {}

    @Override
    public void onCompleted() {
      ended = Status.OK;
    }

    @Override
    public void disableAutoRequest() {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}
  }

  /** Begins to send a snapshot of that region. */
  private Call begin(long region) {
    Call call = new Call();
    call.chunks = service.sendSnapshot(call);
    long id = store.node.storeId();
    Envelope announcement =
        new Envelope(
            region,
            Peer.newBuilder().setId(501).setStoreId(id + 1).build(),
            Peer.newBuilder().setId(502).setStoreId(id).build(),
            RegionEpoch.getDefaultInstance(),
            new InstallSnapshot(
                501,
                502,
                9,
                new SnapshotDescriptor(
                    new LogPosition(20, 9), Membership.of(501, 502), new byte[0])));
    call.chunks.onNext(
        SnapshotChunk.newBuilder()
            .setStart(
                SnapshotStart.newBuilder()
                    .setClusterId(77)
                    .setToStore(id)
                    .setEnvelope(announcement.encode()))
            .build());
    cluster.time.run(10);
    return call;
  }

  private static SnapshotChunk block() {
    return SnapshotChunk.newBuilder()
        .setBlock(SnapshotBlock.newBuilder().setFamily(Family.DEFAULT.id()))
        .build();
  }

  @Test
  void whoSaysNothingMoreGivesItsPlaceAway() {
    Call silent = begin(500);
    assertEquals(2, silent.asked, "the receiver waits for the first block");
    Call refused = begin(600);
    assertEquals(Status.Code.ABORTED, refused.ended.getCode());
    assertTrue(refused.ended.getDescription().contains("too many snapshots"));

    cluster.time.run(TimeUnit.SECONDS.toMillis(IDLE_SECONDS + 1));
    Call next = begin(600);
    assertNull(next.ended, "the place is taken still");
    assertEquals(Status.Code.ABORTED, silent.ended.getCode());
    assertTrue(silent.ended.getDescription().contains("silent"));

    silent.chunks.onNext(block()); // it comes back: too late
    silent.chunks.onError(Status.CANCELLED.asException());
    cluster.time.run(10);
    assertNull(next.ended);
    assertEquals(Status.Code.ABORTED, begin(700).ended.getCode(), "a place is given back once");
  }

  @Test
  void whoIsSlowKeepsItsPlace() {
    Call slow = begin(500);
    for (int i = 0; i < 10; i++) {
      cluster.time.run(TimeUnit.SECONDS.toMillis(IDLE_SECONDS - 1));
      slow.chunks.onNext(block());
      cluster.time.run(10);
    }
    assertNull(slow.ended);
    assertEquals(12, slow.asked);
    slow.chunks.onError(Status.CANCELLED.asException());
    cluster.time.run(10);
    assertNull(begin(700).ended);
  }
}

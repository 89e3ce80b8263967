package dev.kittiwake.pd.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.PdConfig;
import dev.kittiwake.pd.PdServer;
import dev.kittiwake.proto.etcdserverpb.DeleteRangeRequest;
import dev.kittiwake.proto.etcdserverpb.KVGrpc;
import dev.kittiwake.proto.etcdserverpb.PutRequest;
import dev.kittiwake.proto.etcdserverpb.RequestOp;
import dev.kittiwake.proto.etcdserverpb.TxnRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Odd requests of etcd's interface are answered, and the member lives on, also after a start. */
final class EtcdFacadeTest {
  @TempDir Path directory;
  private PdServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    server =
        PdServer.start(
            PdConfig.inMemory().withDataDir(directory.resolve("pd")).withListen("127.0.0.1:0"));
    URI uri = URI.create(server.clientUrl());
    channel = NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private KVGrpc.KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(channel);
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private void put(String key) {
    assertTrue(
        kv().put(PutRequest.newBuilder().setKey(bytes(key)).build()).getHeader().getRevision() > 0);
  }

  @Test
  void deletingARangeThatEndsBeforeItBeginsDeletesNothing() {
    put("b");
    DeleteRangeRequest back =
        DeleteRangeRequest.newBuilder().setKey(bytes("c")).setRangeEnd(bytes("a")).build();
    assertEquals(0, kv().deleteRange(back).getDeleted());
    TxnRequest txn =
        TxnRequest.newBuilder()
            .addSuccess(RequestOp.newBuilder().setRequestDeleteRange(back))
            .build();
    assertEquals(0, kv().txn(txn).getResponses(0).getResponseDeleteRange().getDeleted());

    stop();
    start();
    put("b");
    assertFalse(server.failed().isDone());
  }

  private static TxnRequest nested(int depth) {
    TxnRequest txn = TxnRequest.getDefaultInstance();
    for (int i = 0; i < depth; i++) {
      txn = TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestTxn(txn)).build();
    }
    return txn;
  }

  @Test
  void aTransactionThatNoLogEntryCouldHoldIsRefused() {
    assertTrue(kv().txn(nested(32)).getSucceeded());
    for (int depth : new int[] {33, 49, 50}) { // 50: the deepest that gRPC reads
      Status status =
          assertThrows(StatusRuntimeException.class, () -> kv().txn(nested(depth))).getStatus();
      assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
      assertTrue(status.getDescription().contains("more than 32 deep"), status.toString());
    }

    stop();
    start();
    put("b");
    assertFalse(server.failed().isDone());
  }
}

package dev.kittiwake.simulation.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kittiwake.client.Await;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.errorpb.NotLeader;
import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.PrewriteRequest;
import dev.kittiwake.proto.kvrpcpb.PrewriteResponse;
import dev.kittiwake.proto.rpc.KvEndpoint;
import dev.kittiwake.proto.rpc.KvMethod;
import dev.kittiwake.simulation.time.Machine;
import dev.kittiwake.simulation.world.Options;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.simulation.world.World;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/**
 * A prewrite that arrives twice may be refused once and succeed the other time. The caller must not
 * hear the refusal: it would tell its user that nothing is committed.
 */
class RepeatedCallsTest {
  private static final PrewriteResponse WRITTEN =
      PrewriteResponse.newBuilder().setOnePcCommitTs(7).build();
  private static final PrewriteResponse REFUSED =
      PrewriteResponse.newBuilder()
          .setRegionError(Error.newBuilder().setNotLeader(NotLeader.getDefaultInstance()))
          .build();
  private static final PrewriteResponse CONFLICT =
      PrewriteResponse.newBuilder()
          .addErrors(KeyError.newBuilder().setRetryable("somebody else's lock"))
          .build();

  @Test
  void aRefusalOfTheSecondCopyIsNoAnswerToTheFirst() {
    // The first copy waits in a log that others may commit; its answer never comes.
    assertLost(List.of(new CompletableFuture<>(), done(REFUSED)));
  }

  @Test
  void aRefusalOfTheFirstCopyIsNoAnswerToTheSecond() {
    assertLost(List.of(done(REFUSED), done(WRITTEN)));
    assertLost(List.of(done(CONFLICT), done(WRITTEN)));
  }

  @Test
  void whatWasWrittenIsWritten() {
    assertEquals(WRITTEN, call(List.of(done(WRITTEN), done(WRITTEN))));
  }

  private static CompletableFuture<PrewriteResponse> done(PrewriteResponse answer) {
    return CompletableFuture.completedFuture(answer);
  }

  private static void assertLost(List<CompletableFuture<PrewriteResponse>> answers) {
    CompletionException failure = assertThrows(CompletionException.class, () -> call(answers));
    assertEquals(Status.Code.UNAVAILABLE, Status.fromThrowable(Await.unwrap(failure)).getCode());
  }

  /** Calls a store that answers the copies of one request like this, in order of arrival. */
  private static PrewriteResponse call(List<CompletableFuture<PrewriteResponse>> answers) {
    try (World world = new World(4711, Options.STANDARD.withStores(1))) {
      SimClient client = world.addClient();
      client.start();
      Machine machine = world.stores().get(0).machine();
      machine.boot();
      world.network().weather(new Weather(1_000, 1_000, 0, 0, 0, 1, 0)); // everything comes twice
      Queue<CompletableFuture<PrewriteResponse>> left = new ArrayDeque<>(answers);
      KvEndpoint door =
          new KvEndpoint() {
            @Override
            @SuppressWarnings("unchecked")
            public <Q, R> CompletableFuture<R> call(KvMethod<Q, R> method, Q request) {
              return (CompletableFuture<R>) left.remove();
            }
          };
      SimKvRpc.Served store =
          new SimKvRpc.Served() {
            @Override
            public Machine machine() {
              return machine;
            }

            @Override
            public KvEndpoint endpoint() {
              return door;
            }
          };
      CompletableFuture<PrewriteResponse> answer =
          new SimKvRpc(world.calls(), client.machine(), address -> store, 60_000_000_000L)
              .endpoint("store-1")
              .call(KvMethod.KV_PREWRITE, PrewriteRequest.getDefaultInstance());
      world.until("two copies and an answer", 10, () -> left.isEmpty() && answer.isDone());
      return answer.join();
    }
  }
}

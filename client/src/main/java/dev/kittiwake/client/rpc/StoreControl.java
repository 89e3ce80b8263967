package dev.kittiwake.client.rpc;

import dev.kittiwake.client.error.KvException;
import dev.kittiwake.proto.store.StoreControlGrpc;
import dev.kittiwake.proto.store.VerifyRegionRequest;
import dev.kittiwake.proto.store.VerifyRegionResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/** What those who run a cluster ask of one store; blocks. */
public final class StoreControl implements AutoCloseable {
  private final String address;
  private final ManagedChannel channel;

  /**
   * @param address of the store, host:port
   */
  public StoreControl(String address) {
    this.address = Addresses.normalized(address);
    this.channel =
        NettyChannelBuilder.forAddress(Addresses.host(this.address), Addresses.port(this.address))
            .usePlaintext()
            .build();
  }

  /**
   * Compares the replicas of a region that the store leads. Reads all of the region's data.
   *
   * @throws KvException if the store does not answer, or not within that time
   */
  public VerifyRegionResponse verifyRegion(long regionId, long patienceMillis) {
    try {
      return StoreControlGrpc.newBlockingStub(channel)
          .withDeadlineAfter(patienceMillis, TimeUnit.MILLISECONDS)
          .verifyRegion(VerifyRegionRequest.newBuilder().setRegionId(regionId).build());
    } catch (StatusRuntimeException failure) {
      throw new KvException(
          "the store at " + address + " does not answer: " + failure.getStatus().getCode(),
          failure);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}

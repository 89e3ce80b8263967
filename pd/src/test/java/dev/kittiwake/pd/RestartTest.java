package dev.kittiwake.pd;

import static dev.kittiwake.pd.Bootstrapped.await;
import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static dev.kittiwake.pd.Bootstrapped.peer;
import static dev.kittiwake.pd.Bootstrapped.region;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.replica.PdStorageException;
import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;
import dev.kittiwake.proto.metapb.RegionEpoch;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.GetMembersRequest;
import dev.kittiwake.proto.pdpb.GetRegionRequest;
import dev.kittiwake.proto.pdpb.RegionHeartbeatRequest;
import dev.kittiwake.proto.pdpb.RequestHeader;
import dev.kittiwake.proto.pdpb.ScanRegionsRequest;
import dev.kittiwake.proto.pdpb.UpdateGCSafePointRequest;
import dev.kittiwake.proto.rpc.PdEndpoint;
import dev.kittiwake.proto.rpc.PdMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One member on disk, stopped and started again. */
final class RestartTest {
  @TempDir Path dir;

  private PdConfig config() {
    return PdConfig.inMemory().withDataDir(dir.resolve("pd"));
  }

  @Test
  void idsAndTimestampsGoOnThroughRestartsAndSnapshots() {
    PdConfig.Timing often = PdConfig.Timing.DEFAULT.withBlocks(10, 5); // snapshot each 5 entries
    long clusterId = 0;
    long id = 0;
    long ts = 0;
    for (int start = 0; start < 6; start++) {
      try (PdServer server = PdServer.start(config().withTiming(often))) {
        if (start == 0) {
          clusterId = server.clusterId();
          bootstrap(server.endpoint());
        }
        assertEquals(clusterId, server.clusterId());
        assertEquals(
            region(),
            await(
                    server
                        .endpoint()
                        .call(PdMethod.GET_REGION, GetRegionRequest.getDefaultInstance()))
                .getRegion());
        for (int i = 0; i < 25; i++) {
          long nextId =
              await(server.endpoint().call(PdMethod.ALLOC_ID, AllocIDRequest.getDefaultInstance()))
                  .getId();
          long nextTs = await(server.endpoint().timestamps(clusterId, 1));
          assertTrue(nextId > id, "start " + start + ": id " + nextId + " after " + id);
          assertTrue(nextTs > ts, "start " + start + ": ts " + nextTs + " after " + ts);
          id = nextId;
          ts = nextTs;
        }
        assertEquals(
            1_000,
            await(
                    server
                        .endpoint()
                        .call(
                            PdMethod.UPDATE_GC_SAFE_POINT,
                            UpdateGCSafePointRequest.newBuilder()
                                .setSafePoint(start == 0 ? 1_000 : 1)
                                .build()))
                .getNewSafePoint());
      }
    }
    assertTrue(Files.exists(dir.resolve("pd").resolve("snapshot")), "no snapshot was saved");
  }

  /** Of a split only the new region has reported: the keys of the other side are not forgotten. */
  @Test
  void whatIsLeftOfARegionThatWasSplitSurvives() {
    for (int start = 0; start < 3; start++) {
      try (PdServer server = PdServer.start(config())) {
        PdEndpoint pd = server.endpoint();
        if (start == 0) {
          bootstrap(pd);
          report(pd, left(), peer(5, 1));
          eventually(() -> regionAt(pd, "a").equals(left()), "the left side is known");
        }
        Region right = region().toBuilder().setStartKey(ByteString.copyFromUtf8("m")).build();
        assertEquals(left(), regionAt(pd, "a"), "start " + start);
        assertEquals(right, regionAt(pd, "x"), "start " + start);
        assertEquals(
            List.of(left(), right),
            await(pd.call(PdMethod.SCAN_REGIONS, ScanRegionsRequest.getDefaultInstance()))
                .getRegionMetasList());
      }
    }
  }

  private static Region left() {
    return Region.newBuilder()
        .setId(4)
        .setEndKey(ByteString.copyFromUtf8("m"))
        .setRegionEpoch(RegionEpoch.newBuilder().setConfVer(1).setVersion(2))
        .addPeers(peer(5, 1))
        .build();
  }

  private static Region regionAt(PdEndpoint pd, String key) {
    return await(
            pd.call(
                PdMethod.GET_REGION,
                GetRegionRequest.newBuilder().setRegionKey(ByteString.copyFromUtf8(key)).build()))
        .getRegion();
  }

  private static void report(PdEndpoint pd, Region region, Peer leader) {
    PdEndpoint.RegionHeartbeats stream = pd.openRegionHeartbeats(step -> {}, cause -> {});
    stream.send(
        RegionHeartbeatRequest.newBuilder()
            .setHeader(
                RequestHeader.newBuilder()
                    .setClusterId(
                        await(pd.call(PdMethod.GET_MEMBERS, GetMembersRequest.getDefaultInstance()))
                            .getHeader()
                            .getClusterId()))
            .setRegion(region)
            .setLeader(leader)
            .setTerm(6)
            .build());
  }

  private static void eventually(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  @Test
  void aDirectoryInUseIsRefused() {
    try (PdServer server = PdServer.start(config())) {
      String message =
          assertThrows(PdStorageException.class, () -> PdServer.start(config())).getMessage();
      assertTrue(message.contains(dir.toString()) && message.contains("in use"), message);
      assertTrue(server.clusterId() != 0);
    }
  }

  @Test
  void aDirectoryOfSomethingElseIsRefusedAndLeftAlone() throws IOException {
    Path other = dir.resolve("other");
    Files.createDirectories(other);
    Files.writeString(other.resolve("photos.txt"), "mine");
    String message =
        assertThrows(
                PdStorageException.class,
                () -> PdServer.start(PdConfig.inMemory().withDataDir(other)))
            .getMessage();
    assertTrue(message.contains("not empty"), message);

    PdServer.start(config()).close();
    PdConfig second = config().with(Map.of("member-id", "2"));
    message = assertThrows(PdStorageException.class, () -> PdServer.start(second)).getMessage();
    assertTrue(message.contains("pd member 1"), message);
  }

  @Test
  void aDirectoryThatIsAFileIsRefused() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    String message =
        assertThrows(
                PdStorageException.class,
                () -> PdServer.start(PdConfig.inMemory().withDataDir(file)))
            .getMessage();
    assertTrue(message.contains(file.toString()), message);
  }

  @Test
  void theDataOfAnotherClusterIsRefused() {
    PdServer.start(config()).close();
    String message =
        assertThrows(PdStartException.class, () -> PdServer.start(config().withClusterId(42)))
            .getMessage();
    assertTrue(message.contains("not to cluster 42"), message);
  }

  @Test
  void unknownAndUnusableSettingsAreNamed() {
    String unknown =
        assertThrows(
                IllegalArgumentException.class, () -> config().with(Map.of("max-replcas", "3")))
            .getMessage();
    assertTrue(unknown.contains("max-replcas") && unknown.contains("max-replicas"), unknown);
    String unusable =
        assertThrows(
                IllegalArgumentException.class,
                () -> config().with(Map.of("tso-save-interval", "soon")))
            .getMessage();
    assertTrue(unusable.contains("soon") && unusable.contains("3s"), unusable);
  }
}

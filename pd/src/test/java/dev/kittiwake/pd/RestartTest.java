package dev.kittiwake.pd;

import static dev.kittiwake.pd.Bootstrapped.await;
import static dev.kittiwake.pd.Bootstrapped.bootstrap;
import static dev.kittiwake.pd.Bootstrapped.region;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.pd.replica.PdStorageException;
import dev.kittiwake.proto.pdpb.AllocIDRequest;
import dev.kittiwake.proto.pdpb.GetRegionRequest;
import dev.kittiwake.proto.pdpb.UpdateGCSafePointRequest;
import dev.kittiwake.proto.rpc.PdMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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

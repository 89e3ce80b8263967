package dev.kittiwake.kv.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvServer;
import dev.kittiwake.kv.KvServer.Surroundings;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.engine.Family;
import dev.kittiwake.kv.region.Admission;
import dev.kittiwake.kv.region.ReadResult;
import dev.kittiwake.kv.region.RegionView;
import dev.kittiwake.kv.region.RegionWrite;
import dev.kittiwake.proto.errorpb.Error;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.kvrpcpb.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A store on a disk that really fills up. Needs a small file system of its own, of some 600 MiB:
 *
 * <pre>
 * mount -t tmpfs -o size=600m none /mnt/small
 * ./mvnw -pl kv-server -am test -Dtest=FullDiskTest -Dkittiwake.smallDisk=/mnt/small
 * </pre>
 */
@Timeout(300)
@EnabledIfSystemProperty(named = "kittiwake.smallDisk", matches = ".+")
class FullDiskTest {
  private final Path disk = Path.of(System.getProperty("kittiwake.smallDisk", "."));
  private final Path filler = disk.resolve("filler");
  private final Path data = disk.resolve("store");
  private final SmallPd pd = new SmallPd(42);
  private KvServer server;

  @Test
  void aStoreOnAFullDiskStartsServesReadsAndDeletesAndComesBackByItself() throws IOException {
    start();
    until("the reserve is held", () -> data.resolve("RESERVE").toFile().length() > 1 << 20);
    assertNull(write(new RegionWrite().put(Family.DEFAULT, Key.of("k"), "v".getBytes(UTF_8))));
    fill(15 << 20);
    until("growing writes are refused", () -> server.access().writeGate().isFull());
    assertTrue(server.access().writeGate().refusal(Context.getDefaultInstance()).hasDiskFull());
    assertEquals("v", read("k"));
    assertNull(write(new RegionWrite().delete(Family.DEFAULT, Key.of("k"))));
    server.kill();
    fill(0);
    for (int i = 0; i < 5; i++) {
      start(); // each takes a little of what the reserve has set free: no crash loop
      assertNull(read("k"));
      assertNull(write(new RegionWrite().delete(Family.DEFAULT, Key.of("none" + i))));
      until("it knows", () -> server.access().writeGate().isFull());
      server.kill();
    }
    start();
    Files.delete(filler);
    until("it takes writes again", () -> !server.access().writeGate().isFull());
    assertNull(write(new RegionWrite().put(Family.DEFAULT, Key.of("k"), "w".getBytes(UTF_8))));
    assertEquals("w", read("k"));
    until("the reserve is held again", () -> data.resolve("RESERVE").toFile().length() > 1 << 20);
    server.kill();
  }

  private void start() {
    KvConfig config =
        KvConfig.fastTest()
            .with(KvSetting.DATA, data.toString())
            .with(KvSetting.DISK_LOW, "1GiB")
            .with(KvSetting.SPACE_RESERVE, "1GiB");
    server = new KvServer(config, pd.client(), Surroundings.NONE, seam -> List.of()).start();
  }

  /** Writes a file until so many bytes are free. */
  private void fill(long leave) throws IOException {
    byte[] block = new byte[64 << 10];
    try (OutputStream out =
        Files.newOutputStream(
            filler,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.APPEND)) {
      while (disk.toFile().getUsableSpace() > leave) {
        int bytes = (int) Math.min(block.length, disk.toFile().getUsableSpace() - leave);
        out.write(block, 0, bytes);
      }
    } catch (IOException full) {
      if (leave > 0) {
        throw full;
      }
    }
  }

  private RegionView leader() {
    RegionView[] found = new RegionView[1];
    until(
        "it leads",
        () -> {
          for (RegionView view : server.access().regions()) {
            Context context = SimCluster.context(view.region(), view.peer(), view.term());
            Admission admission = server.access().admit(context, List.of(Key.of("k")), true);
            if (admission instanceof Admission.Admitted admitted) {
              found[0] = admitted.view();
              return true;
            }
          }
          return false;
        });
    return found[0];
  }

  private Error write(RegionWrite write) {
    return server.access().write(leader(), write).orTimeout(20, TimeUnit.SECONDS).join();
  }

  private String read(String key) {
    ReadResult result = server.access().read(leader()).orTimeout(20, TimeUnit.SECONDS).join();
    try (var snapshot = ((ReadResult.Readable) result).snapshot()) {
      return SimCluster.text(snapshot.get(Family.DEFAULT, Key.of(key)));
    }
  }

  private static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within two minutes: " + what);
      }
      Thread.onSpinWait();
    }
  }
}

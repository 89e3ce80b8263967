package dev.kittiwake.cli.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kittiwake.cli.chaos.fault.FaultKind;
import dev.kittiwake.cli.chaos.process.Stopwatch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run on real processes, with every client and every judge. */
@Tag("long")
class ChaosTest {
  @TempDir Path directory;

  @Test
  void promisesAreKeptThroughKillsAndPauses() throws Exception {
    StringWriter told = new StringWriter();
    ChaosOptions options =
        new ChaosOptions(
            List.of(),
            1,
            4,
            true,
            11,
            EnumSet.of(FaultKind.KILL_STORE, FaultKind.PAUSE, FaultKind.KILL_PD),
            Set.copyOf(ChaosOptions.WORKLOADS),
            3,
            0,
            false,
            1_000,
            1,
            2,
            2,
            50,
            false,
            Optional.empty(),
            Optional.empty(),
            directory.resolve("report"),
            Duration.ofMinutes(2).toSeconds());
    Stopwatch time = new Stopwatch(System::nanoTime, Thread::sleep);
    int status = new ChaosRun(options, new PrintWriter(told, true), time).run();
    assertEquals(0, status, told::toString);
    JsonNode result = new ObjectMapper().readTree(directory.resolve("report/result.json").toFile());
    assertEquals(4, result.get("events").size());
    assertTrue(result.get("tpccNewOrdersAcknowledged").asLong() > 0, told::toString);
    assertTrue(result.get("findings").size() >= 13, "twelve conditions and the ledger");
  }
}

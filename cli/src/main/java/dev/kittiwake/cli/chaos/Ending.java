package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.workload.Clients;
import dev.kittiwake.tpcc.RunResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lets the clients come to their end, then has everything judged. */
final class Ending {
  private final ChaosOptions options;
  private final Workers workers;
  private final Console console;

  Ending(ChaosOptions options, Workers workers, Console console) {
    this.options = options;
    this.workers = workers;
    this.console = console;
  }

  /** What is wrong with how the clients ended. */
  List<Finding> stop() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    workers.pulses().stop();
    for (Clients crew : workers.crews()) {
      if (!crew.stop()) {
        findings.add(hangs(crew.load().name(), "a client still waits for an answer"));
      }
    }
    workers.tiling().ifPresent(Tiling::stop);
    if (workers.ledger().isPresent() && !workers.ledger().get().stop()) {
      findings.add(hangs("ledger", "a client still waits for an answer"));
    }
    if (workers.tpcc().isPresent()) {
      findings.addAll(stopTpcc());
    }
    return findings;
  }

  private List<Finding> stopTpcc() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    try {
      RunResult run = workers.tpcc().get().stop();
      if (run.stuckTerminals() > 0) {
        findings.add(hangs("tpcc", run.stuckTerminals() + " terminals do not end"));
      }
      Optional<RunResult.Cause> internal =
          run.causes().stream().filter(cause -> cause.cause().startsWith("XX")).findFirst();
      if (workers.ledger().isPresent()) {
        findings.add(Verdicts.onlyConflicts(run));
      }
      internal.ifPresent(
          cause ->
              findings.add(
                  new Finding(
                      "tpcc",
                      "no absent server shows as an internal error",
                      false,
                      cause.count() + " times " + cause.cause(),
                      List.of(cause.example()))));
    } catch (IllegalStateException broke) {
      findings.add(hangs("tpcc", broke.getMessage()));
    }
    return findings;
  }

  private static Finding hangs(String who, String detail) {
    return new Finding(who, "every client comes to its end", false, detail, List.of());
  }

  List<Finding> judge() throws InterruptedException, IOException {
    List<Finding> findings = new ArrayList<>();
    if (workers.tpcc().isPresent()) {
      console.line("checking TPC-C's conditions and the ledger");
      findings.addAll(Verdicts.tpcc(workers));
    }
    workers.tiling().ifPresent(tiling -> findings.add(tiling.finding()));
    if (workers.ledger().isPresent()) {
      console.line("comparing every key with the ledger");
      findings.addAll(Verdicts.ledger(workers.ledger().get()));
    }
    for (Clients crew : workers.crews()) {
      console.line("judging " + crew.history().size() + " operations of " + crew.load().name());
      Histories.write(crew, options.report());
      findings.addAll(Verdicts.of(crew));
    }
    return findings;
  }
}

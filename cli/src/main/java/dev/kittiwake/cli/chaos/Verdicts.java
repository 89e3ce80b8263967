package dev.kittiwake.cli.chaos;

import dev.kittiwake.cli.chaos.workload.Bookkeepers;
import dev.kittiwake.cli.chaos.workload.Clients;
import dev.kittiwake.cli.chaos.workload.NamedJudge;
import dev.kittiwake.testkit.history.Ending;
import dev.kittiwake.testkit.judge.Describe;
import dev.kittiwake.testkit.judge.Verdict;
import dev.kittiwake.tpcc.AuditResult;
import dev.kittiwake.tpcc.RunResult;
import dev.kittiwake.tpcc.TpccException;
import java.util.ArrayList;
import java.util.List;

/** Asks everybody who judges, once the clients have ended. */
final class Verdicts {
  private static final int MOST_SHOWN = 10;
  private static final String CONFLICT = "CONFLICT"; // of TPC-C: certainly not committed, try again

  private Verdicts() {}

  /** TPC-C's conditions and its ledger. */
  static List<Finding> tpcc(Workers workers) throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    if (workers.tpcc().isEmpty()) {
      return findings;
    }
    try {
      AuditResult audit = workers.tpcc().get().check();
      audit
          .all()
          .forEach(
              found ->
                  findings.add(
                      new Finding(
                          "tpcc " + found.clause(),
                          found.title(),
                          found.holds(),
                          found.holds()
                              ? found.checked() + " checked"
                              : found.offending() + " of " + found.checked() + " are wrong",
                          found.examples())));
    } catch (TpccException unreadable) {
      findings.add(
          new Finding(
              "tpcc",
              "the database can be read after the last fault",
              false,
              unreadable.getMessage(),
              List.of()));
    }
    return findings;
  }

  /** The book, and what clients had to see. */
  static List<Finding> ledger(Bookkeepers bookkeepers) {
    List<String> wrong = bookkeepers.audit();
    String lost =
        bookkeepers.undetermined()
            + " requests whose answer was lost: a client does not write a second time unasked";
    return List.of(
        new Finding(
            "ledger",
            "every acknowledged write is there, once, and nothing else",
            wrong.isEmpty(),
            wrong.isEmpty() ? bookkeepers.summary() : wrong.size() + " complaints",
            wrong.isEmpty()
                ? List.of(bookkeepers.summary())
                : wrong.subList(0, Math.min(MOST_SHOWN, wrong.size()))),
        new Finding(
            "ledger",
            "no request fails within the default budget of retries",
            bookkeepers.failures().isEmpty(),
            bookkeepers.failures().values().stream().mapToLong(Long::longValue).sum() + " failed",
            bookkeepers.failures().isEmpty()
                ? List.of(lost)
                : bookkeepers.failures().entrySet().stream()
                    .limit(MOST_SHOWN)
                    .map(cause -> cause.getValue() + " x " + cause.getKey())
                    .toList()));
  }

  /** A conflict is an answer, not a failure: TPC-C tries again, as every client of SQL must. */
  static Finding onlyConflicts(RunResult run) {
    List<String> others =
        run.causes().stream()
            .filter(cause -> !cause.verdict().equals(CONFLICT))
            .map(cause -> cause.count() + " x " + cause.cause() + ": " + cause.example())
            .toList();
    return new Finding(
        "tpcc",
        "no statement fails but for conflicts",
        others.isEmpty(),
        run.causes().isEmpty() ? "none failed" : run.causes().size() + " causes",
        others);
  }

  /** The judges of one load's history. */
  static List<Finding> of(Clients crew) {
    List<Finding> findings = new ArrayList<>();
    for (NamedJudge judge : crew.load().judges()) {
      Verdict verdict = judge.judge().judge(crew.history());
      if (verdict instanceof Verdict.Broken) {
        Verdict.Broken broken = (Verdict.Broken) verdict;
        findings.add(
            new Finding(
                crew.load().name(),
                judge.promise(),
                false,
                broken.rule().title() + ": " + broken.explanation(),
                broken.operations().stream().map(Describe::operation).toList()));
      } else {
        List<String> notes = ((Verdict.Holds) verdict).notes();
        findings.add(new Finding(crew.load().name(), judge.promise(), true, counts(crew), notes));
      }
    }
    return findings;
  }

  private static String counts(Clients crew) {
    long ok = 0;
    long failed = 0;
    long unknown = 0;
    for (var operation : crew.history().operations()) {
      if (operation.ending() == Ending.OK) {
        ok++;
      } else if (operation.ending() == Ending.FAILED) {
        failed++;
      } else {
        unknown++;
      }
    }
    return "%d ok, %d failed, %d undetermined".formatted(ok, failed, unknown);
  }
}

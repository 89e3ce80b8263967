package dev.kittiwake.tpcc;

import java.util.Locale;

/** The result as plain text for a terminal of a hundred columns. */
final class Summary {
  private final StringBuilder out = new StringBuilder();

  private Summary() {}

  static String of(TpccResult result) {
    Summary summary = new Summary();
    result.load().ifPresent(summary::load);
    result.run().ifPresent(run -> summary.run(run, result.options()));
    result.audit().ifPresent(summary::audit);
    return summary.out.toString();
  }

  private void load(LoadResult load) {
    line(
        "load   %d warehouse%s, %,d rows in %.1f s",
        load.warehouses(),
        load.warehouses() == 1 ? "" : "s",
        load.rows(),
        load.elapsed().toMillis() / 1e3);
  }

  private void run(RunResult run, TpccOptions options) {
    double seconds = run.measured().toMillis() / 1e3;
    line(
        "run    tpmC %,.0f    %,.0f transactions a second    %d terminals, %.0f s measured after %.0f s of warm-up",
        run.tpmC(),
        run.committed() / seconds,
        options.terminals(),
        seconds,
        run.warmUp().toMillis() / 1e3);
    line("");
    line(
        "%-13s %10s %7s %8s %7s %7s %9s %9s %9s %9s",
        "",
        "committed",
        "rolled",
        "retries",
        "unknown",
        "failed",
        "p50 ms",
        "p90 ms",
        "p99 ms",
        "max ms");
    for (RunResult.OfType type : run.types()) {
      RunResult.Latency latency = type.latency();
      line(
          "%-13s %,10d %,7d %,8d %,7d %,7d %9.2f %9.2f %9.2f %9.2f",
          type.type().title(),
          type.committed(),
          type.rolledBack(),
          type.retries(),
          type.undetermined(),
          type.failed(),
          latency.p50(),
          latency.p90(),
          latency.p99(),
          latency.max());
    }
    for (RunResult.Cause cause : run.causes()) {
      line("  %,8d x %s: %s", cause.count(), cause.cause(), cause.example());
    }
    if (run.skippedDeliveries() > 0) {
      line("  %,d deliveries found a district without a waiting order", run.skippedDeliveries());
    }
    if (run.stuckTerminals() > 0) {
      line(
          "  %d terminals did not come back: their connections never answered",
          run.stuckTerminals());
    }
    line("");
  }

  private void audit(AuditResult audit) {
    long held = audit.conditions().stream().filter(Finding::holds).count();
    line("check  %d of %d consistency conditions hold", held, audit.conditions().size());
    for (Finding finding : audit.all()) {
      line(
          "  %-5s %-9s %s (%,d compared)",
          finding.holds() ? "ok" : "FAILS", finding.clause(), finding.title(), finding.checked());
      if (!finding.holds()) {
        line("        %,d do not match, such as", finding.offending());
        finding.examples().forEach(example -> line("        %s", example));
      }
    }
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}

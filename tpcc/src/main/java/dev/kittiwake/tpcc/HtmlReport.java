package dev.kittiwake.tpcc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page for people: one file, no scripts, nothing loaded from elsewhere. */
final class HtmlReport {
  private static final String STYLE = "report.css";

  private final StringBuilder out = new StringBuilder();
  private final TpccResult result;

  private HtmlReport(TpccResult result) {
    this.result = result;
  }

  static String of(TpccResult result) throws IOException {
    HtmlReport report = new HtmlReport(result);
    report.head();
    report.cards();
    result.run().ifPresent(report::run);
    result.audit().ifPresent(report::audit);
    report.settings();
    report.add(
        "<footer>TPC-C's schema, transactions and conditions by specification revision 5.11; not an audited result."
            + " tpmC here: committed new orders a minute.</footer>\n</main></body></html>\n");
    return report.out.toString();
  }

  private void head() throws IOException {
    add("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    add(
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>TPC-C report</title>\n");
    add("<style>\n" + style() + "</style></head>\n<body><main>\n");
    TpccOptions options = result.options();
    add("<header><h1>TPC-C</h1><p>");
    add(
        "%s warehouse%s, %s terminals%s on %s",
        options.warehouses(),
        options.warehouses() == 1 ? "" : "s",
        options.terminals(),
        options.waits() ? " with keying and think times" : "",
        text(result.facts().getOrDefault("database", "an unknown database")));
    add("<br>%s</p></header>\n", text(options.maskedUrl()));
  }

  private static String style() throws IOException {
    try (InputStream in = HtmlReport.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IOException("missing in the jar: " + STYLE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void cards() {
    add("<div class=\"cards\">\n");
    result
        .run()
        .ifPresent(
            run -> {
              card("", format("%,.0f", run.tpmC()), "tpmC: new orders a minute");
              double seconds = run.measured().toMillis() / 1e3;
              card("", format("%,.0f", run.committed() / seconds), "transactions a second");
              RunResult.Latency latency = run.of(TransactionType.NEW_ORDER).latency();
              card(
                  "",
                  millis(latency.p99()),
                  "99 % of new orders within; half within " + millis(latency.p50()));
            });
    result
        .audit()
        .ifPresent(
            audit -> {
              long held = audit.conditions().stream().filter(Finding::holds).count();
              String ledger =
                  audit
                      .ledger()
                      .map(found -> found.holds() ? ", ledger agrees" : ", ledger disagrees")
                      .orElse("");
              card(
                  audit.holds() ? "good" : "bad",
                  held + " of " + audit.conditions().size(),
                  "consistency conditions hold" + ledger);
            });
    if (result.run().isEmpty() && result.load().isPresent()) {
      LoadResult load = result.load().get();
      card("", format("%,d", load.rows()), "rows loaded in " + seconds(load.elapsed().toMillis()));
    }
    add("</div>\n");
  }

  private void card(String tone, String figure, String label) {
    add("<div class=\"card %s\"><b>%s</b><span>%s</span></div>\n", tone, text(figure), text(label));
  }

  private void run(RunResult run) {
    section(
        "Throughput",
        "New orders a minute, second by second; dashed: the mean; red: seconds with failed tries.");
    add(ThroughputChart.of(run) + "</section>\n");
    section(
        "Latency",
        "From the first try to the commit's answer, by percentile; both axes are logarithmic.");
    add("<div class=\"legend\">");
    for (TransactionType type : TransactionType.values()) {
      add("<span>%s%s</span>", dot(type), text(type.title()));
    }
    add("</div>\n" + LatencyChart.of(run) + "</section>\n");
    counts(run);
    causes(run);
  }

  private static String dot(TransactionType type) {
    return "<i class=\"dot\" style=\"background:var(--t" + type.ordinal() + ")\"></i>";
  }

  private void counts(RunResult run) {
    section(
        "Transactions",
        "Times in milliseconds. Rolled back: wrong on purpose. Unknown: the commit's answer was lost.");
    add("<div class=\"scroll\"><table><tr><th></th>");
    for (String title :
        List.of(
            "share",
            "committed",
            "rolled back",
            "retries",
            "unknown",
            "failed",
            "mean",
            "p50",
            "p90",
            "p99",
            "max")) {
      add("<th class=\"n\">%s</th>", title);
    }
    add("</tr>\n");
    long all = Math.max(1, run.committed());
    for (RunResult.OfType type : run.types()) {
      RunResult.Latency latency = type.latency();
      add("<tr><td>%s%s</td>", dot(type.type()), text(type.type().title()));
      number(format("%.1f %%", 100.0 * type.committed() / all));
      for (long count :
          new long[] {
            type.committed(), type.rolledBack(), type.retries(), type.undetermined(), type.failed()
          }) {
        number(format("%,d", count));
      }
      for (double value :
          new double[] {
            latency.mean(), latency.p50(), latency.p90(), latency.p99(), latency.max()
          }) {
        number(format("%,.2f", value));
      }
      add("</tr>\n");
    }
    add("</table></div></section>\n");
  }

  private void number(String shown) {
    add("<td class=\"n\">%s</td>", shown);
  }

  private void causes(RunResult run) {
    if (run.causes().isEmpty()) {
      return;
    }
    section("Failed tries", "By cause; conflicts and lost connections were retried.");
    add("<table><tr><th class=\"n\">count</th><th>cause</th><th>one of the messages</th></tr>\n");
    for (RunResult.Cause cause : run.causes()) {
      add(
          "<tr><td class=\"n\">%s</td><td>%s</td><td class=\"wrap\">%s</td></tr>\n",
          format("%,d", cause.count()), text(cause.cause()), text(cause.example()));
    }
    add("</table></section>\n");
  }

  private void audit(AuditResult audit) {
    section(
        "Consistency", "The conditions of clause 3.3.2, over the whole database, after the run.");
    add(
        "<div class=\"scroll\"><table><tr><th>clause</th><th>condition</th><th class=\"n\">compared</th><th></th></tr>\n");
    for (Finding finding : audit.all()) {
      add("<tr><td>%s</td><td>%s", text(finding.clause()), text(finding.title()));
      for (String example : finding.examples()) {
        add("<div class=\"example\">%s</div>", text(example));
      }
      String verdict = finding.holds() ? "holds" : format("%,d differ", finding.offending());
      add(
          "</td><td class=\"n\">%s</td><td class=\"n\"><span class=\"badge %s\">%s</span></td></tr>\n",
          format("%,d", finding.checked()), finding.holds() ? "good" : "bad", verdict);
    }
    add("</table></div></section>\n");
  }

  private void settings() {
    TpccOptions options = result.options();
    Map<String, String> rows = new LinkedHashMap<>();
    result
        .load()
        .ifPresent(
            load ->
                rows.put(
                    "loaded",
                    format("%,d rows in ", load.rows()) + seconds(load.elapsed().toMillis())));
    result.run().ifPresent(run -> rows.put("started", run.started().toString()));
    rows.put(
        "measured",
        seconds(options.duration().toMillis())
            + " after "
            + seconds(options.warmUp().toMillis())
            + " of warm-up");
    rows.put(
        "isolation asked for",
        options.isolation().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    rows.put("seed", String.valueOf(options.seed()));
    if (!options.scale().equals(Scale.FULL)) {
      rows.put(
          "scale",
          options.scale().items()
              + " items, "
              + options.scale().customers()
              + " customers: not TPC-C's");
    }
    rows.putAll(result.facts());
    section("Settings and machine", "");
    add("<table>\n");
    rows.forEach(
        (name, value) ->
            add("<tr><th>%s</th><td class=\"wrap\">%s</td></tr>\n", text(name), text(value)));
    add("</table></section>\n");
  }

  private void section(String title, String about) {
    add("<section><h2>%s</h2><p>%s</p>\n", text(title), text(about));
  }

  private static String millis(double value) {
    return format(value >= 100 ? "%,.0f ms" : value >= 1 ? "%.1f ms" : "%.2f ms", value);
  }

  private static String seconds(long millis) {
    return format("%.1f s", millis / 1e3);
  }

  private static String text(String words) {
    return Svg.escape(words);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private void add(String literal) {
    out.append(literal);
  }

  private void add(String format, Object... values) {
    out.append(format(format, values));
  }
}

package dev.kittiwake.cli.chaos.report;

import dev.kittiwake.cli.chaos.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The outcome as one HTML page that needs nothing else: faults above, throughput below. */
public final class Timeline {
  private Timeline() {}

  public static void write(Outcome outcome, Path file) throws IOException {
    Files.writeString(file, page(outcome));
  }

  static String page(Outcome outcome) {
    StringBuilder page = new StringBuilder(PROLOGUE);
    page.append("<header><h1>Kittiwake chaos</h1>")
        .append(
            outcome.holds()
                ? "<span class=\"badge ok\">all promises kept</span>"
                : "<span class=\"badge broken\">a promise was broken</span>")
        .append("</header>");
    tiles(outcome, page);
    page.append("<section><h2>What happened</h2>")
        .append(TimelineChart.draw(outcome))
        .append("</section>");
    findings(outcome.findings(), page);
    events(outcome, page);
    facts(outcome, page);
    return page.append("</main></body></html>\n").toString();
  }

  private static void tiles(Outcome outcome, StringBuilder page) {
    page.append("<div class=\"tiles\">");
    tile(page, Integer.toString(outcome.events().size()), "faults");
    for (Waits waits : outcome.failOver()) {
      if (waits.count() > 0) {
        tile(
            page,
            "%.2f s".formatted(waits.percentile(99) / 1e3),
            "p99 of "
                + waits.count()
                + " · "
                + waits.name()
                + " · p50 %.2f s · max %.2f s"
                    .formatted(waits.percentile(50) / 1e3, waits.max() / 1e3));
      }
    }
    for (Outcome.Series series : outcome.series()) {
      silence(page, series.name(), outcome.outages());
    }
    long kept = outcome.findings().stream().filter(Finding::holds).count();
    tile(page, kept + "/" + outcome.findings().size(), "promises kept");
    page.append("</div>");
  }

  private static void silence(StringBuilder page, String workload, List<Outcome.Outage> outages) {
    long sum = 0;
    long longest = 0;
    for (Outcome.Outage outage : outages) {
      if (outage.workload().equals(workload)) {
        sum += outage.seconds();
        longest = Math.max(longest, outage.seconds());
      }
    }
    tile(page, sum + " s", workload + " without an answer · longest " + longest + " s");
  }

  private static void tile(StringBuilder page, String figure, String caption) {
    page.append("<div class=\"tile\"><b>")
        .append(escaped(figure))
        .append("</b><span>")
        .append(escaped(caption))
        .append("</span></div>");
  }

  private static void findings(List<Finding> findings, StringBuilder page) {
    page.append("<section><h2>Promises</h2><table>");
    for (Finding finding : findings) {
      page.append("<tr><td class=\"")
          .append(finding.holds() ? "yes\">kept" : "no\">BROKEN")
          .append("</td><td>")
          .append(escaped(finding.group()))
          .append("</td><td>")
          .append(escaped(finding.promise()));
      if (!finding.detail().isEmpty()) {
        page.append("<div class=\"detail\">").append(escaped(finding.detail())).append("</div>");
      }
      if (!finding.evidence().isEmpty()) {
        page.append("<pre>")
            .append(escaped(String.join("\n", finding.evidence())))
            .append("</pre>");
      }
      page.append("</td></tr>");
    }
    page.append("</table></section>");
  }

  private static void events(Outcome outcome, StringBuilder page) {
    page.append("<section><details><summary>All faults (")
        .append(outcome.events().size())
        .append(
            ")</summary><table><tr><th>#</th><th>at</th><th>fault</th><th>well again"
                + " after</th></tr>");
    outcome
        .events()
        .forEach(
            event -> {
              page.append("<tr><td>").append(event.number()).append("</td><td>");
              page.append("%.1f s".formatted(event.startMillis() / 1e3)).append("</td><td>");
              page.append(escaped(event.text()));
              event
                  .notes()
                  .forEach(
                      note ->
                          page.append("<div class=\"detail\">")
                              .append(escaped(note))
                              .append("</div>"));
              page.append("</td><td>")
                  .append(
                      event.recovered()
                          ? "%.1f s"
                              .formatted((event.recoveredMillis() - event.startMillis()) / 1e3)
                          : "<b class=\"no\">never</b>")
                  .append("</td></tr>");
            });
    page.append("</table></details></section>");
  }

  private static void facts(Outcome outcome, StringBuilder page) {
    page.append("<section><h2>The run</h2><table>");
    for (Map.Entry<String, Object> fact : outcome.facts().entrySet()) {
      page.append("<tr><td>")
          .append(escaped(fact.getKey()))
          .append("</td><td>")
          .append(escaped(String.valueOf(fact.getValue())))
          .append("</td></tr>");
    }
    page.append("</table>");
    if (!outcome.skipped().isEmpty()) {
      page.append("<h3>Skipped on this host</h3><ul>");
      outcome.skipped().forEach(line -> page.append("<li>").append(escaped(line)).append("</li>"));
      page.append("</ul>");
    }
    page.append("</section>");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static final String PROLOGUE =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>Kittiwake chaos</title>
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <style>
      :root { --ink:#1d2733; --soft:#5b6876; --line:#dfe4ea; --ground:#f6f8fa; --card:#fff;
        --ok:#1a7f4b; --bad:#c62828; --blue:#2463c7; --teal:#0f8b8d; }
      @media (prefers-color-scheme: dark) { :root { --ink:#e6edf3; --soft:#9aa7b4; --line:#2c3540;
        --ground:#0f141a; --card:#171d25; --ok:#4cc38a; --bad:#ff6b6b; --blue:#6ea8fe; --teal:#3fc1c0; } }
      * { box-sizing:border-box }
      body { margin:0; background:var(--ground); color:var(--ink); font:15px/1.5 system-ui,sans-serif }
      main { max-width:1180px; margin:0 auto; padding:28px 20px 60px }
      header { display:flex; align-items:center; gap:14px; margin-bottom:18px }
      h1 { font-size:24px; margin:0 } h2 { font-size:17px; margin:0 0 10px } h3 { font-size:14px }
      .badge { padding:3px 12px; border-radius:99px; color:#fff; font-weight:600; font-size:13px }
      .badge.ok { background:#1a7f4b } .badge.broken { background:#c62828 }
      .tiles { display:flex; flex-wrap:wrap; gap:12px; margin-bottom:18px }
      .tile { flex:1 1 150px; background:var(--card); border:1px solid var(--line); border-radius:10px;
        padding:12px 14px } .tile b { display:block; font-size:22px; font-variant-numeric:tabular-nums }
      .tile span { color:var(--soft); font-size:12.5px }
      section { background:var(--card); border:1px solid var(--line); border-radius:10px;
        padding:16px 18px; margin-bottom:16px; overflow-x:auto }
      table { border-collapse:collapse; width:100%; font-size:13.5px }
      td,th { text-align:left; vertical-align:top; padding:5px 10px 5px 0; border-top:1px solid var(--line) }
      th { color:var(--soft); font-weight:500 }
      .yes { color:var(--ok); font-weight:600 } .no { color:var(--bad); font-weight:700 }
      .detail { color:var(--soft); font-size:12.5px; white-space:pre-wrap }
      pre { background:var(--ground); padding:10px; border-radius:6px; overflow-x:auto; font-size:12.5px }
      summary { cursor:pointer; font-weight:600 }
      svg text { fill:var(--soft); font:11px system-ui,sans-serif }
      svg .lane { fill:var(--ink) } svg .grid { stroke:var(--line) }
      svg .outage { fill:var(--bad); opacity:.16 }
      svg .bar:hover { stroke:var(--ink); stroke-width:1.5 }
      </style></head><body><main>
      """;
}

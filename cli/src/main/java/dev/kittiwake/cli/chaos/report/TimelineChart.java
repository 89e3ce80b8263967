package dev.kittiwake.cli.chaos.report;

import dev.kittiwake.cli.chaos.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** The drawing: a lane for each kind of fault, and below it throughput, all on one axis of time. */
final class TimelineChart {
  private static final int WIDTH = 1_120;
  private static final int LEFT = 130;
  private static final int RIGHT = 12;
  private static final int LANE = 20;
  private static final int PLOT = 130;
  private static final int GAP = 26;
  private static final String[] COLOURS = {"var(--blue)", "var(--teal)", "#8a63d2"};

  private final Outcome outcome;
  private final StringBuilder svg = new StringBuilder();
  private final double fromSecond;
  private final double toSecond;

  private TimelineChart(Outcome outcome) {
    this.outcome = outcome;
    this.fromSecond = outcome.workStartMillis() / 1e3;
    this.toSecond = Math.max(fromSecond + 1, outcome.workEndMillis() / 1e3);
  }

  static String draw(Outcome outcome) {
    return new TimelineChart(outcome).draw();
  }

  private String draw() {
    TreeMap<String, List<Event>> lanes = new TreeMap<>();
    outcome
        .events()
        .forEach(
            event -> lanes.computeIfAbsent(event.kind(), kind -> new ArrayList<>()).add(event));
    int lanesHeight = lanes.size() * LANE;
    int height = 10 + lanesHeight + outcome.series().size() * (PLOT + GAP) + 24;
    put(
        "<svg viewBox=\"0 0 %d %d\" width=\"100%%\" role=\"img\" aria-label=\"faults and throughput\">",
        WIDTH, height);
    outages(10, height - 34);
    int y = 10;
    for (var lane : lanes.entrySet()) {
      lane(lane.getKey(), lane.getValue(), y);
      y += LANE;
    }
    int number = 0;
    for (Outcome.Series series : outcome.series()) {
      plot(series, COLOURS[number++ % COLOURS.length], y + GAP);
      y += PLOT + GAP;
    }
    axis(y + 2);
    return svg.append("</svg>").toString();
  }

  private void put(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values));
  }

  private double x(double second) {
    double share = (second - fromSecond) / (toSecond - fromSecond);
    return LEFT + Math.min(1, Math.max(0, share)) * (WIDTH - LEFT - RIGHT);
  }

  private void outages(int top, int height) {
    for (Outcome.Outage outage : outcome.outages()) {
      put(
          "<rect class=\"outage\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s: no answer for %d s</title></rect>",
          x(outage.fromSecond()),
          top,
          Math.max(1, x(outage.toSecond()) - x(outage.fromSecond())),
          height,
          Timeline.escaped(outage.workload()),
          outage.seconds());
    }
  }

  private void lane(String kind, List<Event> events, int y) {
    put("<text class=\"lane\" x=\"0\" y=\"%d\">%s</text>", y + 14, kind);
    put(
        "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
        LEFT, WIDTH - RIGHT, y + LANE, y + LANE);
    for (Event event : events) {
      double start = x(event.startMillis() / 1e3);
      double end = x(event.endMillis() / 1e3);
      double well = event.recovered() ? x(event.recoveredMillis() / 1e3) : x(toSecond);
      String title = Timeline.escaped(event.number() + ": " + event.text() + after(event));
      put(
          "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"#e8a33d\" opacity=\".35\"><title>%s</title></rect>",
          start, y + 6, Math.max(1, well - start), LANE - 12, title);
      put(
          "<rect class=\"bar\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"><title>%s</title></rect>",
          start,
          y + 4,
          Math.max(1.5, end - start),
          LANE - 8,
          event.recovered() ? "#d9822b" : "var(--bad)",
          title);
    }
  }

  private static String after(Event event) {
    return event.recovered()
        ? "; well after %.1f s".formatted((event.recoveredMillis() - event.startMillis()) / 1e3)
        : "; not well in time";
  }

  private void plot(Outcome.Series series, String colour, int top) {
    int from = (int) fromSecond;
    int to = (int) Math.min(toSecond, series.done().size());
    int bin = Math.max(1, (int) Math.ceil((to - from) / (double) (WIDTH - LEFT - RIGHT)));
    int max = 1;
    for (int second = from; second < to; second++) {
      max = Math.max(max, series.done().get(second));
    }
    int bottom = top + PLOT - 16;
    put(
        "<text class=\"lane\" x=\"0\" y=\"%d\">%s</text>",
        top + 12, Timeline.escaped(series.name()));
    put("<text x=\"0\" y=\"%d\">per second</text>", top + 27);
    put("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>", LEFT - 6, top + 6, max);
    put("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>", LEFT - 6, bottom + 4);
    StringBuilder area = new StringBuilder();
    StringBuilder failed = new StringBuilder();
    for (int second = from; second < to; second += bin) {
      double done = mean(series.done(), second, Math.min(to, second + bin));
      double bad = mean(series.failed(), second, Math.min(to, second + bin));
      double left = x(second);
      double right = x(Math.min(to, second + bin));
      double y = bottom - done / max * (bottom - top);
      area.append(String.format(Locale.ROOT, "L%.1f %.1fL%.1f %.1f", left, y, right, y));
      if (bad > 0) {
        failed.append(
            String.format(
                Locale.ROOT,
                "M%.1f %dV%.1f",
                (left + right) / 2,
                bottom,
                bottom - Math.min(1, bad / max) * (bottom - top)));
      }
    }
    put(
        "<path d=\"M%.1f %d%sL%.1f %dZ\" fill=\"%s\" opacity=\".28\"/>",
        x(from), bottom, area, x(to), bottom, colour);
    put("<path d=\"M%.1f %d%s\" fill=\"none\" stroke=\"%s\"/>", x(from), bottom, area, colour);
    put("<path d=\"%s\" stroke=\"var(--bad)\"><title>failed tries</title></path>", failed);
    put(
        "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
        LEFT, WIDTH - RIGHT, bottom, bottom);
  }

  private static double mean(List<Integer> values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values.get(i);
    }
    return sum / Math.max(1, to - from);
  }

  private void axis(int y) {
    double length = toSecond - fromSecond;
    double[] steps = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400};
    double step = steps[steps.length - 1];
    for (double candidate : steps) {
      if (length / candidate <= 14) {
        step = candidate;
        break;
      }
    }
    for (double at = 0; at <= length; at += step) {
      int second = (int) at;
      put(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          x(fromSecond + at),
          y + 12,
          length < 120 ? second + " s" : "%d:%02d".formatted(second / 60, second % 60));
    }
  }
}

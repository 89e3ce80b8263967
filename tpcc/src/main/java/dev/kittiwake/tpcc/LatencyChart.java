package dev.kittiwake.tpcc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Latency by percentile, one curve for each transaction type. Both axes are logarithmic: to the
 * right each step halves or tenths what is still slower, so the tail is as wide as the middle.
 */
final class LatencyChart {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 340;
  private static final int LEFT = 64;
  private static final int RIGHT = 16;
  private static final int TOP = 16;
  private static final int BOTTOM = 40;
  private static final double[] MARKS = {0, 50, 90, 99, 99.9, 99.99};
  private static final double RIGHTMOST = 99.99;

  private final RunResult run;
  private final double low; // milliseconds at the lower edge, a power of ten
  private final double high; // and at the upper one

  private LatencyChart(RunResult run) {
    this.run = run;
    double least = Double.MAX_VALUE;
    double most = 0;
    for (RunResult.OfType type : run.types()) {
      for (RunResult.Percentile point : shown(type)) {
        least = Math.min(least, point.millis());
        most = Math.max(most, point.millis());
      }
    }
    if (most == 0) {
      least = 1;
      most = 10;
    }
    this.low = Math.pow(10, Math.floor(Math.log10(Math.max(least, 0.01))));
    this.high = Math.max(low * 10, Math.pow(10, Math.ceil(Math.log10(most))));
  }

  static String of(RunResult run) {
    return new LatencyChart(run).draw();
  }

  private static List<RunResult.Percentile> shown(RunResult.OfType type) {
    return type.latency().curve().stream()
        .filter(point -> point.percentile() <= RIGHTMOST)
        .toList();
  }

  private String draw() {
    Svg svg = new Svg(WIDTH, HEIGHT, "Latency by percentile");
    for (double value = low; value <= high * 1.01; value *= 10) {
      svg.line("grid", LEFT, y(value), WIDTH - RIGHT, y(value));
      svg.label("tick", "end", LEFT - 8, y(value) + 4, millis(value));
    }
    for (double mark : MARKS) {
      svg.line("grid", x(mark), TOP, x(mark), HEIGHT - BOTTOM);
      String name =
          mark == 0
              ? "min"
              : "p" + (mark == Math.rint(mark) ? String.valueOf((int) mark) : "" + mark);
      svg.label("tick", "middle", x(mark), HEIGHT - BOTTOM + 20, name);
    }
    for (RunResult.OfType type : run.types()) {
      List<Svg.Point> points = new ArrayList<>();
      for (RunResult.Percentile point : shown(type)) {
        points.add(new Svg.Point(x(point.percentile()), y(point.millis())));
      }
      svg.curve("curve t" + type.type().ordinal(), points);
    }
    return svg.finish();
  }

  private static String millis(double value) {
    return value >= 1000
        ? String.format(Locale.ROOT, "%.0f s", value / 1000)
        : String.format(Locale.ROOT, value >= 1 ? "%.0f ms" : "%.2g ms", value);
  }

  private double x(double percentile) {
    double nines = -Math.log10(1 - percentile / 100);
    double all = -Math.log10(1 - RIGHTMOST / 100);
    return LEFT + (WIDTH - LEFT - RIGHT - 12) * nines / all;
  }

  private double y(double millis) {
    double part = Math.log10(Math.max(millis, low) / low) / Math.log10(high / low);
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part;
  }
}

package dev.kittiwake.tpcc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * New orders a minute over the seconds of a run: warm-up shaded, failed tries as marks along the
 * time axis.
 */
final class ThroughputChart {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 300;
  private static final int LEFT = 64;
  private static final int RIGHT = 16;
  private static final int TOP = 16;
  private static final int BOTTOM = 44;

  private final RunResult run;
  private final int seconds;
  private final double top; // value at the upper edge

  private ThroughputChart(RunResult run) {
    this.run = run;
    this.seconds = Math.max(1, run.series().size());
    double highest =
        run.series().stream().mapToDouble(second -> second.newOrders() * 60.0).max().orElse(0);
    double wanted = Math.max(10, highest * 1.08);
    double step = Svg.step(wanted, 5);
    this.top = Math.ceil(wanted / step) * step;
  }

  static String of(RunResult run) {
    return new ThroughputChart(run).draw();
  }

  private String draw() {
    Svg svg = new Svg(WIDTH, HEIGHT, "New orders a minute over time");
    double warmUp = run.warmUp().toMillis() / 1e3;
    svg.rectangle("warm", x(0), TOP, x(warmUp) - x(0), HEIGHT - TOP - BOTTOM);
    if (warmUp >= seconds / 12.0) {
      svg.label("tick", "middle", x(warmUp / 2), TOP + 14, "warm-up");
    }
    grid(svg);
    List<Svg.Point> points = new ArrayList<>();
    for (RunResult.Second second : run.series()) {
      points.add(new Svg.Point(x(second.second() + 0.5), y(second.newOrders() * 60.0)));
    }
    svg.area("area", points, y(0));
    svg.curve("through", points);
    svg.line("mean", x(warmUp), y(run.tpmC()), x(seconds), y(run.tpmC()));
    errors(svg);
    return svg.finish();
  }

  private void grid(Svg svg) {
    double step = Svg.step(top, 5);
    for (double value = 0; value <= top + step / 2; value += step) {
      svg.line("grid", LEFT, y(value), WIDTH - RIGHT, y(value));
      svg.label("tick", "end", LEFT - 8, y(value) + 4, String.format(Locale.ROOT, "%,.0f", value));
    }
    double every = Math.max(1, Math.ceil(Svg.step(seconds, 12)));
    for (double second = 0; second <= seconds; second += every) {
      svg.label(
          "tick",
          "middle",
          x(second),
          HEIGHT - BOTTOM + 26,
          String.format(Locale.ROOT, "%.0f s", second));
    }
  }

  /** One mark for each second with failed tries, the taller the more there were. */
  private void errors(Svg svg) {
    long most = run.series().stream().mapToLong(RunResult.Second::errors).max().orElse(0);
    for (RunResult.Second second : run.series()) {
      if (second.errors() > 0) {
        double height = 3 + 7.0 * second.errors() / most;
        svg.rectangle(
            "error", x(second.second()) + 0.3, y(0) + 1, Math.max(1.2, x(1) - x(0) - 0.6), height);
      }
    }
  }

  private double x(double second) {
    return LEFT + (WIDTH - LEFT - RIGHT) * second / seconds;
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
  }
}

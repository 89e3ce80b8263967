package dev.kittiwake.cli;

import dev.kittiwake.tpcc.Progress;
import java.io.PrintWriter;

/** Progress as lines on a terminal: one for each stage at every ten percent. */
final class PrintedProgress implements Progress {
  private static final int STEP = 10;

  private final PrintWriter out;
  private String stage = "";
  private int shown = -STEP;

  PrintedProgress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void line(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public synchronized void percent(String name, int percent) {
    if (!name.equals(stage)) {
      stage = name;
      shown = -STEP;
    }
    if (percent >= shown + STEP || (percent == 100 && shown != 100)) {
      shown = percent;
      out.printf("  %-28s %3d %%%n", name, percent);
      out.flush();
    }
  }
}

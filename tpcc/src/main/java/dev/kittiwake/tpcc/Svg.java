package dev.kittiwake.tpcc;

import java.util.List;
import java.util.Locale;

/**
 * Writes one SVG drawing; coordinates are pixels from the upper left corner. Colours come from the
 * page's classes.
 */
final class Svg {
  private final StringBuilder out = new StringBuilder();

  Svg(int width, int height, String description) {
    out.append(
        text(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
            width, height, escape(description)));
  }

  /** A point of the drawing. */
  record Point(double x, double y) {}

  void line(String style, double x1, double y1, double x2, double y2) {
    out.append(
        text(
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            style, x1, y1, x2, y2));
  }

  void rectangle(String style, double x, double y, double width, double height) {
    out.append(
        text(
            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n",
            style, x, y, Math.max(0, width), Math.max(0, height)));
  }

  void curve(String style, List<Point> points) {
    out.append("<polyline class=\"")
        .append(style)
        .append("\" points=\"")
        .append(path(points))
        .append("\"/>\n");
  }

  /** The area between a curve and a horizontal line below it. */
  void area(String style, List<Point> points, double base) {
    if (points.isEmpty()) {
      return;
    }
    Point first = points.get(0);
    Point last = points.get(points.size() - 1);
    out.append(
        text(
            "<polygon class=\"%s\" points=\"%.1f,%.1f %s%.1f,%.1f\"/>\n",
            style, first.x(), base, path(points), last.x(), base));
  }

  /** Text at a point; anchor is start, middle or end. */
  void label(String style, String anchor, double x, double y, String words) {
    out.append(
        text(
            "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
            style, anchor, x, y, escape(words)));
  }

  /** The finished drawing; call once, last. */
  String finish() {
    return out.append("</svg>\n").toString();
  }

  private static String path(List<Point> points) {
    StringBuilder path = new StringBuilder();
    points.forEach(point -> path.append(text("%.1f,%.1f ", point.x(), point.y())));
    return path.toString();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * The smallest of 1, 2, 2.5, 5 times a power of ten that cuts {@code range} into at most {@code
   * pieces}.
   */
  static double step(double range, int pieces) {
    double raw = Math.max(range, 1e-9) / pieces;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    for (double factor : new double[] {1, 2, 2.5, 5}) {
      if (factor * power >= raw) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}

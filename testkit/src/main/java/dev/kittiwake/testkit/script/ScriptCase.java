package dev.kittiwake.testkit.script;

import java.util.ArrayList;
import java.util.List;

/**
 * One case of a script file.
 *
 * @param lines the case as written, from its claim to the line before {@code ---}
 * @param expected the output below {@code ---}, without blank lines at its end
 */
record ScriptCase(List<String> lines, List<String> expected) {
  static final String SEPARATOR = "---";

  ScriptCase {
    lines = List.copyOf(lines);
    expected = List.copyOf(expected);
  }

  /** The first comment line, or the first line of all: the name of the test. */
  String claim() {
    for (String line : lines) {
      if (line.startsWith("#")) {
        return line.substring(1).strip();
      }
    }
    return lines.isEmpty() ? "(empty)" : lines.get(0);
  }

  /** What the interpreter reads: no comments, no blank lines, no blanks at the end of a line. */
  List<String> input() {
    List<String> input = new ArrayList<>();
    for (String line : lines) {
      String kept = withoutComment(line).stripTrailing();
      if (!kept.isBlank()) {
        input.add(kept);
      }
    }
    return input;
  }

  /**
   * A {@code #} starts a comment at the start of a line and after white space, so that {@code a#b}
   * stays whole.
   */
  private static String withoutComment(String line) {
    for (int at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
      if (at == 0 || Character.isWhitespace(line.charAt(at - 1))) {
        return line.substring(0, at);
      }
    }
    return line;
  }

  /** Cuts a file into its cases; blank lines between cases do not count. */
  static List<ScriptCase> parse(List<String> file) {
    List<ScriptCase> cases = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    boolean below = false;
    for (String line : file) {
      if (below && line.startsWith("#")) {
        cases.add(new ScriptCase(trimmed(lines), trimmed(expected)));
        lines.clear();
        expected.clear();
        below = false;
      }
      if (!below && line.strip().equals(SEPARATOR)) {
        below = true;
      } else {
        (below ? expected : lines).add(line.stripTrailing());
      }
    }
    if (!trimmed(lines).isEmpty()) {
      cases.add(new ScriptCase(trimmed(lines), trimmed(expected)));
    }
    return cases;
  }

  static List<String> trimmed(List<String> lines) {
    int from = 0;
    int to = lines.size();
    while (from < to && lines.get(from).isBlank()) {
      from++;
    }
    while (to > from && lines.get(to - 1).isBlank()) {
      to--;
    }
    return List.copyOf(lines.subList(from, to));
  }
}

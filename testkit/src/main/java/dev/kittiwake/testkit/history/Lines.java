package dev.kittiwake.testkit.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A history as lines of text, one event each. */
final class Lines {
  private Lines() {}

  static void write(History history, Syntax syntax, Appendable out) throws IOException {
    for (Map<String, Object> event : Events.of(history)) {
      StringBuilder line = new StringBuilder();
      syntax.print(event, line);
      out.append(line).append('\n');
    }
  }

  static History read(Reader in, Syntax syntax) throws IOException {
    BufferedReader lines = new BufferedReader(in);
    List<Map<String, Object>> events = new ArrayList<>();
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (!line.isBlank()) {
        events.add(event(line, number, syntax));
      }
    }
    return Events.history(events);
  }

  @SuppressWarnings("unchecked") // the parser makes no other maps
  private static Map<String, Object> event(String line, int number, Syntax syntax) {
    try {
      Object value = syntax.parse(line);
      if (value instanceof Map) {
        return (Map<String, Object>) value;
      }
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("line " + number + ", " + wrong.getMessage(), wrong);
    }
    throw new IllegalArgumentException("line " + number + " is not an event: " + line);
  }
}

package dev.kittiwake.testkit.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Maps, lists, strings, whole numbers, booleans and null as text and back, in the part that EDN and
 * JSON have in common. The two differ in how words and keys are written and in what stands between
 * a key and its value.
 */
abstract class Syntax {
  abstract void printWord(String word, StringBuilder out);

  abstract void printKey(String key, StringBuilder out);

  /** What null is called. */
  abstract String nothing();

  /** Whether the parser may skip {@code c} between two things. */
  abstract boolean isSpace(char c);

  final void print(Object value, StringBuilder out) {
    if (value == null) {
      out.append(nothing());
    } else if (value instanceof Word) {
      printWord(((Word) value).text(), out);
    } else if (value instanceof String) {
      printString((String) value, out);
    } else if (value instanceof Map) {
      String between = "{";
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        out.append(between);
        printKey((String) entry.getKey(), out);
        print(entry.getValue(), out);
        between = ", ";
      }
      out.append(((Map<?, ?>) value).isEmpty() ? "{}" : "}");
    } else if (value instanceof List) {
      out.append('[');
      String between = "";
      for (Object element : (List<?>) value) {
        out.append(between);
        print(element, out);
        between = ", ";
      }
      out.append(']');
    } else {
      out.append(value);
    }
  }

  static void printString(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c < ' ' || c > '~') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /**
   * @throws IllegalArgumentException if {@code text} is not one value; the message says where
   */
  final Object parse(String text) {
    Parser parser = new Parser(text);
    Object value = parser.value();
    parser.space();
    if (parser.at < text.length()) {
      throw parser.wrong("the end of the line");
    }
    return value;
  }

  private final class Parser {
    private final String text;
    private int at; // next character to read

    Parser(String text) {
      this.text = text;
    }

    IllegalArgumentException wrong(String expected) {
      return new IllegalArgumentException("column " + (at + 1) + ": expected " + expected);
    }

    void space() {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
    }

    private char peek() {
      space();
      if (at >= text.length()) {
        throw wrong("a value");
      }
      return text.charAt(at);
    }

    Object value() {
      char c = peek();
      if (c == '{') {
        return map();
      } else if (c == '[') {
        return list();
      } else if (c == '"') {
        return string();
      } else if (c == ':') {
        at++;
        return new Word(bare());
      }
      String bare = bare();
      if (bare.equals(nothing())) {
        return null;
      } else if (bare.equals("true") || bare.equals("false")) {
        return Boolean.valueOf(bare);
      }
      try {
        return Long.valueOf(bare);
      } catch (NumberFormatException notOne) {
        throw new IllegalArgumentException("column " + at + ": what is \"" + bare + "\"?", notOne);
      }
    }

    private Map<String, Object> map() {
      Map<String, Object> map = new LinkedHashMap<>();
      at++;
      while (peek() != '}') {
        Object key = value();
        if (key instanceof String && peek() == ':') {
          at++; // JSON's colon; a key of EDN is a word
        }
        map.put(Word.text(key), value());
      }
      at++;
      return map;
    }

    private List<Object> list() {
      List<Object> list = new ArrayList<>();
      at++;
      while (peek() != ']') {
        list.add(value());
      }
      at++;
      return list;
    }

    private String bare() {
      int from = at;
      while (at < text.length() && isBare(text.charAt(at))) {
        at++;
      }
      if (from == at) {
        throw wrong("a value");
      }
      return text.substring(from, at);
    }

    private boolean isBare(char c) {
      return Character.isLetterOrDigit(c) || c == '-' || c == '_';
    }

    private String string() {
      StringBuilder read = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        char c = text.charAt(at++);
        if (c != '\\' || at == text.length()) {
          read.append(c);
          continue;
        }
        char escaped = text.charAt(at++);
        if (escaped == 'u' && at + 4 <= text.length()) {
          read.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
          at += 4;
        } else {
          read.append(escaped == 'n' ? '\n' : escaped);
        }
      }
      if (at >= text.length()) {
        throw wrong("a quotation mark");
      }
      at++;
      return read.toString();
    }
  }
}

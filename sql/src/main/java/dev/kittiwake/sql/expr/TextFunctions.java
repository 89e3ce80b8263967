package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import java.util.Locale;
import java.util.Map;

/**
 * Functions on strings, by the operator's name. Positions count characters (code points) from 1.
 */
final class TextFunctions {
  private static final int MAX_RESULT = 16_777_216; // characters

  static final Map<String, Function.Body> ALL =
      Map.ofEntries(
          Map.entry("UPPER", (a, c) -> text(a[0]).toUpperCase(Locale.ROOT)),
          Map.entry("LOWER", (a, c) -> text(a[0]).toLowerCase(Locale.ROOT)),
          Map.entry("UCASE", (a, c) -> text(a[0]).toUpperCase(Locale.ROOT)),
          Map.entry("LCASE", (a, c) -> text(a[0]).toLowerCase(Locale.ROOT)),
          Map.entry("INITCAP", (a, c) -> initCap(text(a[0]))),
          Map.entry("CHAR_LENGTH", (a, c) -> length(a[0])),
          Map.entry("CHARACTER_LENGTH", (a, c) -> length(a[0])),
          Map.entry("LENGTH", (a, c) -> length(a[0])),
          Map.entry("OCTET_LENGTH", (a, c) -> octets(a[0])),
          Map.entry("SUBSTRING", (a, c) -> substring(a)),
          Map.entry("SUBSTR", (a, c) -> substring(a)),
          Map.entry("CONCAT", (a, c) -> concat(a)),
          Map.entry("||", (a, c) -> concat(a)),
          Map.entry("REPLACE", (a, c) -> text(a[0]).replace(nonEmpty(a[1]), text(a[2]))),
          Map.entry("POSITION", (a, c) -> position(text(a[0]), text(a[1]))),
          Map.entry("LOCATE", (a, c) -> position(text(a[0]), text(a[1]))),
          Map.entry("INSTR", (a, c) -> position(text(a[1]), text(a[0]))),
          Map.entry("STRPOS", (a, c) -> position(text(a[1]), text(a[0]))),
          Map.entry("LTRIM", (a, c) -> strip(text(a[0]), " ", true, false)),
          Map.entry("RTRIM", (a, c) -> strip(text(a[0]), " ", false, true)),
          Map.entry("LEFT", (a, c) -> left(text(a[0]), (Long) a[1])),
          Map.entry("RIGHT", (a, c) -> right(text(a[0]), (Long) a[1])),
          Map.entry("REPEAT", (a, c) -> repeat(text(a[0]), (Long) a[1])),
          Map.entry("SPACE", (a, c) -> repeat(" ", (Long) a[0])),
          Map.entry("REVERSE", (a, c) -> new StringBuilder(text(a[0])).reverse().toString()),
          Map.entry("LPAD", (a, c) -> pad(a, true)),
          Map.entry("RPAD", (a, c) -> pad(a, false)),
          Map.entry(
              "ASCII", (a, c) -> text(a[0]).isEmpty() ? 0L : (long) text(a[0]).codePointAt(0)),
          Map.entry("OVERLAY", (a, c) -> overlay(a)));

  private TextFunctions() {}

  private static String text(Object value) {
    return Values.asText(value);
  }

  private static String nonEmpty(Object value) {
    String text = text(value);
    return text.isEmpty() ? "\0\0no such text\0\0" : text; // replacing nothing changes nothing
  }

  private static long length(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.length;
    }
    String text = text(value);
    return text.codePointCount(0, text.length());
  }

  private static long octets(Object value) {
    return value instanceof byte[] bytes
        ? bytes.length
        : text(value).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }

  private static Object concat(Object[] values) {
    if (values[0] instanceof byte[] first && values[1] instanceof byte[] second) {
      byte[] joined = java.util.Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, joined, first.length, second.length);
      return joined;
    }
    StringBuilder out = new StringBuilder();
    for (Object value : values) {
      out.append(text(value));
    }
    return out.toString();
  }

  private static String substring(Object[] a) {
    String source = text(a[0]);
    long count = source.codePointCount(0, source.length());
    long from = (Long) a[1];
    long to = count + 1;
    if (a.length > 2) {
      long wanted = (Long) a[2];
      if (wanted < 0) {
        throw SqlError.of("22011", "SUBSTRING with the negative length " + wanted);
      }
      to = Math.min(to, from > Long.MAX_VALUE - wanted ? to : from + wanted);
    }
    long first = Math.max(1, from);
    return first >= to ? "" : slice(source, first - 1, to - 1);
  }

  private static String slice(String source, long from, long to) {
    return source.substring(
        source.offsetByCodePoints(0, (int) from), source.offsetByCodePoints(0, (int) to));
  }

  private static long position(String wanted, String source) {
    int at = source.indexOf(wanted);
    return at < 0 ? 0 : source.codePointCount(0, at) + 1L;
  }

  private static String left(String source, long count) {
    return slice(source, 0, Math.max(0, Math.min(count, length(source))));
  }

  private static String right(String source, long count) {
    long length = length(source);
    return slice(source, length - Math.max(0, Math.min(count, length)), length);
  }

  private static String repeat(String source, long times) {
    long count = Math.max(0, times);
    if (count * source.length() > MAX_RESULT || count > MAX_RESULT) {
      throw SqlError.of(
          SqlStates.TOO_LARGE, "REPEAT would give more than " + MAX_RESULT + " characters");
    }
    return source.repeat((int) count);
  }

  private static String pad(Object[] a, boolean leading) {
    String source = text(a[0]);
    long length = length(source);
    long wanted = (Long) a[1];
    String filler = a.length > 2 ? text(a[2]) : " ";
    if (wanted <= length || filler.isEmpty()) {
      return left(source, wanted);
    }
    long missing = wanted - length;
    String filled = left(repeat(filler, missing / length(filler) + 1), missing);
    return leading ? filled + source : source + filled;
  }

  private static String overlay(Object[] a) {
    String source = text(a[0]);
    String inserted = text(a[1]);
    long from = (Long) a[2];
    long count = a.length > 3 ? (Long) a[3] : length(inserted);
    return left(source, from - 1)
        + inserted
        + right(source, Math.max(0, length(source) - (from - 1) - count));
  }

  private static String initCap(String source) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    for (int point : source.codePoints().toArray()) {
      out.appendCodePoint(inWord ? Character.toLowerCase(point) : Character.toUpperCase(point));
      inWord = Character.isLetterOrDigit(point);
    }
    return out.toString();
  }

  /** TRIM: cuts the characters of {@code wanted} (one character) from the ends. */
  static String strip(String source, String wanted, boolean leading, boolean trailing) {
    if (wanted.codePointCount(0, wanted.length()) != 1) {
      throw SqlError.of("22027", "TRIM needs one character, not '" + wanted + "'");
    }
    int from = 0;
    int to = source.length();
    while (leading && from < to && source.startsWith(wanted, from)) {
      from += wanted.length();
    }
    while (trailing
        && to - wanted.length() >= from
        && source.startsWith(wanted, to - wanted.length())) {
      to -= wanted.length();
    }
    return source.substring(from, to);
  }
}

package dev.kittiwake.jdbc;

import java.util.Locale;

/**
 * A name pattern of a metadata call: {@code %} any text, {@code _} any character, backslash takes
 * the next character as it is. Names compare without case, as in SQL. Immutable.
 */
final class NamePattern {
  private final String pattern; // null matches all

  NamePattern(String pattern) {
    this.pattern = pattern == null ? null : pattern.toLowerCase(Locale.ROOT);
  }

  boolean matches(String name) {
    return pattern == null || matches(0, name.toLowerCase(Locale.ROOT), 0);
  }

  private boolean matches(int at, String name, int from) {
    int p = at;
    int n = from;
    while (p < pattern.length()) {
      char c = pattern.charAt(p);
      if (c == '%') {
        return matchesRest(p + 1, name, n);
      }
      if (c == '\\' && p + 1 < pattern.length()) {
        p++;
        c = pattern.charAt(p);
      } else if (c == '_') {
        c = n < name.length() ? name.charAt(n) : c;
      }
      if (n >= name.length() || name.charAt(n) != c) {
        return false;
      }
      p++;
      n++;
    }
    return n == name.length();
  }

  private boolean matchesRest(int at, String name, int from) {
    for (int n = from; n <= name.length(); n++) {
      if (matches(at, name, n)) {
        return true;
      }
    }
    return false;
  }
}

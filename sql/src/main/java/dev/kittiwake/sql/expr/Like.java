package dev.kittiwake.sql.expr;

import dev.kittiwake.sql.SqlError;
import dev.kittiwake.sql.SqlStates;
import dev.kittiwake.sql.expr.Logic.Condition;

/** LIKE with {@code %}, {@code _} and an escape character (backslash unless given). */
final class Like extends Condition {
  private static final int ANY = -1; // %
  private static final int ONE = -2; // _

  private final Expression text;
  private final Expression pattern;
  private final Expression escape; // null if not given
  private final int[] fixed; // the pattern if it is constant
  private final boolean ignoreCase;

  Like(Expression text, Expression pattern, Expression escape, boolean ignoreCase) {
    this.text = text;
    this.pattern = pattern;
    this.escape = escape;
    this.ignoreCase = ignoreCase;
    boolean constant = pattern.constant() && (escape == null || escape.constant());
    Object patternValue = constant ? pattern.eval(ArrayRow.EMPTY, null) : null;
    Object escapeValue = constant && escape != null ? escape.eval(ArrayRow.EMPTY, null) : "\\";
    this.fixed =
        patternValue == null || escapeValue == null ? null : parse(patternValue, escapeValue);
  }

  @Override
  public int test(Row row, EvalContext context) {
    Object value = text.eval(row, context);
    if (value == null) {
      return UNKNOWN;
    }
    int[] wanted = fixed;
    if (wanted == null) {
      Object patternValue = pattern.eval(row, context);
      Object escapeValue = escape == null ? "\\" : escape.eval(row, context);
      if (patternValue == null || escapeValue == null) {
        return UNKNOWN;
      }
      wanted = parse(patternValue, escapeValue);
    }
    String subject = Values.asText(value);
    int[] points =
        (ignoreCase ? subject.toLowerCase(java.util.Locale.ROOT) : subject).codePoints().toArray();
    return matches(points, wanted) ? TRUE : FALSE;
  }

  private int[] parse(Object patternValue, Object escapeValue) {
    String escapeText = Values.asText(escapeValue);
    if (escapeText.codePointCount(0, escapeText.length()) > 1) {
      throw SqlError.of(
          SqlStates.INVALID_ESCAPE,
          "the escape of LIKE must be one character: '" + escapeText + "'");
    }
    int escapePoint = escapeText.isEmpty() ? -3 : escapeText.codePointAt(0);
    String source = Values.asText(patternValue);
    int[] points =
        (ignoreCase ? source.toLowerCase(java.util.Locale.ROOT) : source).codePoints().toArray();
    int[] parsed = new int[points.length];
    int length = 0;
    for (int i = 0; i < points.length; i++) {
      int point = points[i];
      if (point == escapePoint) {
        if (++i == points.length) {
          throw SqlError.of(
              SqlStates.INVALID_ESCAPE, "the pattern of LIKE ends with its escape character");
        }
        parsed[length++] = points[i];
      } else {
        parsed[length++] = point == '%' ? ANY : point == '_' ? ONE : point;
      }
    }
    return java.util.Arrays.copyOf(parsed, length);
  }

  /** Greedy with one point of return: linear for usual patterns, never exponential. */
  static boolean matches(int[] text, int[] pattern) {
    int at = 0;
    int want = 0;
    int returnWant = -1;
    int returnAt = 0;
    while (at < text.length) {
      if (want < pattern.length && (pattern[want] == ONE || pattern[want] == text[at])) {
        at++;
        want++;
      } else if (want < pattern.length && pattern[want] == ANY) {
        returnWant = ++want;
        returnAt = at;
      } else if (returnWant >= 0) {
        want = returnWant;
        at = ++returnAt;
      } else {
        return false;
      }
    }
    while (want < pattern.length && pattern[want] == ANY) {
      want++;
    }
    return want == pattern.length;
  }
}

package dev.kittiwake.testkit.history;

/**
 * A name of the format itself, as against a client's string: a keyword in EDN, a string in JSON.
 */
record Word(String text) {
  /** The name, whether the syntax has words of its own or writes them as strings. */
  static String text(Object value) {
    return value instanceof Word ? ((Word) value).text() : (String) value;
  }
}

package dev.kittiwake.testkit.history;

import java.io.IOException;
import java.io.Reader;

/** Histories as lines of JSON, one event each, with the entries of {@link Edn}. */
public final class JsonLines {
  private static final Syntax SYNTAX =
      new Syntax() {
        @Override
        void printWord(String word, StringBuilder out) {
          printString(word, out);
        }

        @Override
        void printKey(String key, StringBuilder out) {
          printString(key, out);
          out.append(": ");
        }

        @Override
        String nothing() {
          return "null";
        }

        @Override
        boolean isSpace(char c) {
          return c == ',' || Character.isWhitespace(c);
        }
      };

  private JsonLines() {}

  public static void write(History history, Appendable out) throws IOException {
    Lines.write(history, SYNTAX, out);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException for anything else; the message names the line
   */
  public static History read(Reader in) throws IOException {
    return Lines.read(in, SYNTAX);
  }
}

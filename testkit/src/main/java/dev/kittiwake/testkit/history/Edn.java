package dev.kittiwake.testkit.history;

import java.io.IOException;
import java.io.Reader;

/**
 * Histories as EDN, one event a line, in the shape of Jepsen's {@code history.edn}, so that Elle
 * ({@code :f :txn}) and Knossos ({@code :f :read}, {@code :write}, {@code :cas} with values {@code
 * [key value]}) can judge them.
 */
public final class Edn {
  private static final Syntax SYNTAX =
      new Syntax() {
        @Override
        void printWord(String word, StringBuilder out) {
          out.append(':').append(word);
        }

        @Override
        void printKey(String key, StringBuilder out) {
          out.append(':').append(key).append(' ');
        }

        @Override
        String nothing() {
          return "nil";
        }

        @Override
        boolean isSpace(char c) {
          return c == ',' || Character.isWhitespace(c);
        }
      };

  private Edn() {}

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

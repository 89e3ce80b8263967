package dev.kittiwake.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * {@code sql -e} and {@code sql -f}: statements are told apart, results printed, the first error
 * ends it with one line.
 */
class SqlScriptTest {
  @Test
  void semicolonsInQuotesAndCommentsDoNotEndAStatement() {
    assertEquals(
        List.of("INSERT INTO t VALUES ('a;b', \";\")", "SELECT   1", "SELECT 'it''s'"),
        SqlScript.statements(
            "INSERT INTO t VALUES ('a;b', \";\");\n;SELECT /* ; */ 1;-- the end; really\nSELECT 'it''s'"));
  }

  @Test
  void resultsArePrintedAsTableOrAsValues() {
    String url = "jdbc:kittiwake:mem:sqlscript";
    assertEquals(
        String.join(
            System.lineSeparator(),
            "+---+------+",
            "| x | y    |",
            "+---+------+",
            "| 1 | a    |",
            "| 2 | null |",
            "+---+------+",
            ""),
        run(
            0,
            "sql",
            url,
            "-e",
            "SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS t (x, y) ORDER BY x"));
    assertEquals(
        "x" + System.lineSeparator() + "\"a,b\"" + System.lineSeparator(),
        run(
            0,
            "sql",
            url,
            "--format",
            "csv",
            "-e",
            "SELECT 'a,b' AS x FROM (VALUES (1)) AS t (n)"));
  }

  @Test
  void anErrorIsOneLineWithItsStateAndEndsTheScript() {
    String told =
        run(
            1,
            "sql",
            "jdbc:kittiwake:mem:sqlscript",
            "-e",
            "SELECT * FROM nowhere",
            "-e",
            "SELECT 1");
    assertTrue(told.contains("nowhere") && told.contains("42S02"), told);
    assertEquals(1, told.lines().count(), told);
    assertTrue(
        run(2, "sql", "http://example", "-e", "SELECT 1").contains("jdbc:"),
        "says what a URL looks like");
  }

  private static String run(int expectedStatus, String... arguments) {
    StringWriter text = new StringWriter();
    CommandLine command = Kittiwake.commandLine();
    command.setOut(new PrintWriter(text, true)).setErr(new PrintWriter(text, true));
    command.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    assertEquals(expectedStatus, command.execute(arguments), text::toString);
    return text.toString();
  }
}

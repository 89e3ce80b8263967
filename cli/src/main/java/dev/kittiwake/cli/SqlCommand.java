package dev.kittiwake.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sqlline.SqlLine;

/** The SQL shell. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Open a SQL shell, or run statements and leave.",
    footer = {"", "In the shell: !tables, !describe TABLE, !help, !quit"})
final class SqlCommand implements java.util.concurrent.Callable<Integer> {
  /** Held here, for a logger that nobody holds forgets its level. */
  private static final Logger TERMINAL_LOG = Logger.getLogger("org.jline");

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "JDBC-URL",
      description = "default: the playground's, ${DEFAULT-VALUE}",
      defaultValue = Playground.DEFAULT_URL)
  private String url;

  @Option(
      names = {"-e", "--execute"},
      paramLabel = "STATEMENT",
      description = "run this and leave; may be repeated")
  private List<String> statements = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "run the statements of a file and leave")
  private Path file;

  @Option(
      names = "--format",
      description = "table, vertical, csv, tsv, json, xmlattr …; default: ${DEFAULT-VALUE}",
      defaultValue = "table")
  private String format;

  @Override
  public Integer call() throws IOException, SQLException {
    if (!url.startsWith("jdbc:")) {
      throw new ParameterException(
          spec.commandLine(),
          "'"
              + url
              + "' is not a JDBC URL: it must start with jdbc:, as in "
              + Playground.DEFAULT_URL);
    }
    checkDriver();
    if (file != null && !Files.isReadable(file)) {
      throw new ParameterException(spec.commandLine(), "cannot read " + file);
    }
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-u", url, "-n", "", "-p", ""));
    arguments.add("--outputFormat=" + format);
    arguments.add("--isolation=TRANSACTION_REPEATABLE_READ");
    arguments.add("--verbose=false"); // no stack traces
    boolean scripted = !statements.isEmpty() || file != null;
    if (scripted) {
      arguments.add("--silent=true");
      arguments.add("--showElapsedTime=false");
    }
    for (String statement : statements) {
      arguments.addAll(List.of("-e", statement));
    }
    if (file != null) {
      arguments.addAll(List.of("-f", file.toString()));
    }
    // Without a terminal there is nothing to warn of: scripts and pipes are normal.
    TERMINAL_LOG.setLevel(Level.SEVERE);
    if (scripted) {
      letFirstShellPass();
    }
    SqlLine shell = new SqlLine();
    // Tried here first: a shell without a database is of no use, and this failure is told in a
    // line.
    try (Connection reachable = DriverManager.getConnection(url)) {
      SqlLine.Status status = shell.begin(arguments.toArray(new String[0]), null, !scripted);
      return status == SqlLine.Status.OK ? 0 : 1;
    }
  }

  /** Until one of its shells has started, sqlline shows a stack trace with every error. */
  private static void letFirstShellPass() throws IOException {
    new SqlLine().begin(new String[] {"--silent=true"}, InputStream.nullInputStream(), false);
  }

  private void checkDriver() {
    try {
      DriverManager.getDriver(url);
    } catch (SQLException nobody) {
      throw new ParameterException(
          spec.commandLine(),
          "no driver here knows '" + url + "': write a URL like " + Playground.DEFAULT_URL);
    }
  }
}

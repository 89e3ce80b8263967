package dev.kittiwake.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sqlline.SqlLine;

/** The SQL shell; with statements or a file, it runs them and leaves at the first error. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = "Open a SQL shell, or run statements and leave.",
    footer = {"", "In the shell: !tables, !describe TABLE, !help, !quit"})
final class SqlCommand implements Callable<Integer> {
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
      description = "of results with -e or -f: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}",
      defaultValue = "TABLE")
  private ResultPrinter format;

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
    // Connecting here first gives one clear error where the shell would print a stack trace.
    try (Connection connection = DriverManager.getConnection(url)) {
      return statements.isEmpty() && file == null ? shell() : script(connection);
    }
  }

  private int script(Connection connection) throws IOException, SQLException {
    PrintWriter out = spec.commandLine().getOut();
    List<String> all = new ArrayList<>();
    statements.forEach(text -> all.addAll(SqlScript.statements(text)));
    if (file != null) {
      all.addAll(SqlScript.statements(Files.readString(file)));
    }
    try (Statement statement = connection.createStatement()) {
      for (String sql : all) {
        if (sql.startsWith("!")) {
          throw new IllegalArgumentException(
              "'"
                  + sql.lines().findFirst().orElse(sql)
                  + "' is a command of the interactive shell: run bin/kittiwake sql without -e and -f");
        }
        if (statement.execute(sql)) {
          try (ResultSet rows = statement.getResultSet()) {
            format.print(rows, out);
          }
        }
        out.flush();
      }
    }
    return 0;
  }

  private int shell() throws IOException {
    Logger jline =
        Logger.getLogger("org.jline"); // would warn that there is no terminal when there is none
    jline.setLevel(Level.OFF);
    String[] arguments = {"-u", url, "-n", "", "-p", "", "--isolation=TRANSACTION_REPEATABLE_READ"};
    return new SqlLine().begin(arguments, null, true) == SqlLine.Status.OK ? 0 : 1;
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

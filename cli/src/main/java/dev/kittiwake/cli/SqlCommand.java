package dev.kittiwake.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  public Integer call() throws IOException {
    if (!url.startsWith("jdbc:")) {
      throw new ParameterException(
          spec.commandLine(),
          "'"
              + url
              + "' is not a JDBC URL: it must start with jdbc:, as in "
              + Playground.DEFAULT_URL);
    }
    if (file != null && !Files.isReadable(file)) {
      throw new ParameterException(spec.commandLine(), "cannot read " + file);
    }
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-u", url, "-n", "", "-p", ""));
    arguments.add("--outputFormat=" + format);
    arguments.add("--isolation=TRANSACTION_REPEATABLE_READ");
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
    SqlLine shell = new SqlLine();
    SqlLine.Status status = shell.begin(arguments.toArray(new String[0]), null, !scripted);
    return status == SqlLine.Status.OK ? 0 : 1;
  }
}

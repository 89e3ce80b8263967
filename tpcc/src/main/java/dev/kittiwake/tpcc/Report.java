package dev.kittiwake.tpcc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The three forms of a result: {@code result.json}, {@code summary.txt} and {@code report.html}.
 */
public final class Report {
  /** For machines. */
  public static final String JSON = "result.json";

  /** For the terminal. */
  public static final String SUMMARY = "summary.txt";

  /** For people; needs nothing beside it. */
  public static final String HTML = "report.html";

  private Report() {}

  static void write(TpccResult result, Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(JSON), ResultJson.of(result));
    Files.writeString(directory.resolve(SUMMARY), summary(result));
    Files.writeString(directory.resolve(HTML), HtmlReport.of(result));
  }

  /** The result as a table of plain text. */
  public static String summary(TpccResult result) {
    return Summary.of(result);
  }
}

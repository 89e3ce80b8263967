package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.proto.Wiring;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which placement driver, and in which form answers are printed. */
final class CtlOptions {
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--pd",
      split = ",",
      paramLabel = "HOST:PORT",
      description = "members of the placement driver, any of them; default: ${DEFAULT-VALUE}",
      defaultValue = "127.0.0.1:2379")
  private List<String> endpoints;

  @Option(names = "--json", description = "print what the placement driver answers, as JSON")
  private boolean json;

  @Wiring
  PdHttp pd() {
    try {
      return new PdHttp(
          endpoints,
          System::nanoTime,
          millis -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis)));
    } catch (IllegalArgumentException e) {
      throw wrongUsage(e.getMessage());
    }
  }

  /** To be thrown: one line, and exit status 2. */
  ParameterException wrongUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  static ObjectNode body() {
    return NODES.objectNode();
  }

  /** Prints an answer as JSON if that is wanted, else as {@code table} shows its {@code rows}. */
  void show(JsonNode answer, JsonNode rows, Table table) {
    if (json) {
      printJson(answer);
    } else {
      table.print(rows, out());
    }
  }

  /** Prints an answer that is a sentence, or something that has no table. */
  void tell(JsonNode answer) {
    if (answer.isTextual() && !json) {
      out().println(answer.asText());
    } else {
      printJson(answer);
    }
    out().flush();
  }

  boolean wantsJson() {
    return json;
  }

  void printJson(JsonNode answer) {
    out().println(answer.toPrettyString());
    out().flush();
  }
}

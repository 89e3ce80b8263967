package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is being done to regions. */
@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    description = "What is being done to regions now.")
final class OperatorCtl implements Runnable {
  @Mixin private CtlOptions options;

  @Override
  public void run() {
    list(options, options.pd().get("operators"));
  }

  private static void list(CtlOptions with, JsonNode answer) {
    with.show(
        answer,
        answer,
        new Table()
            .column("REGION", "/region_id")
            .column("WHAT", "/desc")
            .column("KIND", "/kind")
            .column("STEP", "/current_step")
            .column("STEPS", OperatorCtl::steps));
  }

  private static String steps(JsonNode row) {
    StringBuilder text = new StringBuilder();
    row.path("steps")
        .forEach(step -> text.append(text.isEmpty() ? "" : "; ").append(step.asText()));
    return text.toString();
  }

  @Command(mixinStandardHelpOptions = true, description = "What was done lately.")
  void history(@Mixin CtlOptions with) {
    JsonNode answer = with.pd().get("operators/history");
    with.show(
        answer,
        answer,
        new Table()
            .column("REGION", "/region_id")
            .column("WHAT", "/desc")
            .column("ENDED", "/status")
            .column("NOTE", "/note")
            .column("STEPS", OperatorCtl::steps));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = {
        "Do something to a region:",
        "  add transfer-leader REGION STORE",
        "  add add-peer REGION STORE",
        "  add add-learner REGION STORE",
        "  add remove-peer REGION STORE",
        "  add transfer-peer REGION FROM-STORE TO-STORE",
        "  add split-region REGION          (in half, or where --key says)",
        "  add merge-region REGION TARGET-REGION",
        "  add scatter-region REGION"
      })
  void add(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "WHAT", index = "0") String what,
      @Parameters(paramLabel = "ID", index = "1..*", arity = "1..3", converter = UnsignedId.class)
          List<Long> ids,
      @Option(
              names = "--key",
              paramLabel = "HEX",
              description = "where split-region cuts, as hexadecimal digits; may be repeated")
          List<String> keys) {
    ObjectNode body = CtlOptions.body().put("name", what);
    int needed = needed(what);
    if (needed != 0 && ids.size() != needed) {
      throw with.wrongUsage(
          what + " needs " + needed + " ids, not " + ids.size() + ": ctl operator add --help");
    }
    if (keys != null && !what.equals("split-region")) {
      throw with.wrongUsage("--key is for split-region, not for " + what);
    }
    body.put(what.equals("merge-region") ? "source_region_id" : "region_id", ids.get(0));
    switch (what) {
      case "merge-region" -> body.put("target_region_id", ids.get(1));
      case "transfer-leader" -> body.put("to_store_id", ids.get(1));
      case "add-peer", "add-learner", "remove-peer" -> body.put("store_id", ids.get(1));
      case "transfer-peer" -> body.put("from_store_id", ids.get(1)).put("to_store_id", ids.get(2));
      case "split-region" -> {
        body.put("policy", keys == null ? "approximate" : "usekey");
        if (keys != null) {
          keys.forEach(body.putArray("keys")::add);
        }
      }
      default -> {
        // the region is all it needs, or the placement driver knows better
      }
    }
    tell(with, with.pd().send("POST", "operators", body));
  }

  /** How many ids that takes; 0 if it is not known here. */
  private static int needed(String what) {
    return switch (what) {
      case "split-region", "scatter-region" -> 1;
      case "transfer-leader", "add-peer", "add-learner", "remove-peer", "merge-region" -> 2;
      case "transfer-peer" -> 3;
      default -> 0;
    };
  }

  /** A sentence; of scattering, what comes of it or why nothing does. */
  private static void tell(CtlOptions with, JsonNode answer) {
    if (answer.isTextual() || with.wantsJson()) {
      with.tell(answer);
      return;
    }
    JsonNode lines = answer.has("operators") ? answer.path("operators") : answer.path("reasons");
    lines.forEach(line -> with.out().println(line.asText()));
    if (lines.isEmpty()) {
      with.out().println("Nothing is to be done.");
    }
    with.out().flush();
  }

  @Command(mixinStandardHelpOptions = true, description = "Give up what is done to a region.")
  void remove(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "REGION", converter = UnsignedId.class) long region) {
    with.tell(with.pd().send("DELETE", "operators/" + Long.toUnsignedString(region), null));
  }
}

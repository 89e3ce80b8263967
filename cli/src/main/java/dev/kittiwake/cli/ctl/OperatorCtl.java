package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
        "  add remove-peer REGION STORE",
        "  add transfer-peer REGION FROM-STORE TO-STORE",
        "  add split-region REGION",
        "  add merge-region REGION TARGET-REGION",
        "  add scatter-region REGION"
      })
  void add(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "WHAT", index = "0") String what,
      @Parameters(paramLabel = "ID", index = "1..*", arity = "1..3") List<Long> ids) {
    ObjectNode body = CtlOptions.body().put("name", what);
    if (what.equals("merge-region")) {
      body.put("source_region_id", ids.get(0)).put("target_region_id", second(what, ids));
    } else {
      body.put("region_id", ids.get(0));
    }
    switch (what) {
      case "transfer-leader" -> body.put("to_store_id", second(what, ids));
      case "add-peer", "add-learner", "remove-peer" -> body.put("store_id", second(what, ids));
      case "transfer-peer" -> {
        if (ids.size() < 3) {
          throw new PdHttp.Failed(
              what + " needs a region, the store it leaves and the one it goes to");
        }
        body.put("from_store_id", ids.get(1)).put("to_store_id", ids.get(2));
      }
      case "split-region" -> body.put("policy", "scan");
      default -> {
        // the region is all it needs, or the placement driver knows better
      }
    }
    with.tell(with.pd().send("POST", "operators", body));
  }

  private static long second(String what, List<Long> ids) {
    if (ids.size() < 2) {
      throw new PdHttp.Failed(what + " needs two numbers: see ctl operator add --help");
    }
    return ids.get(1);
  }

  @Command(mixinStandardHelpOptions = true, description = "Give up what is done to a region.")
  void remove(@Mixin CtlOptions with, @Parameters(paramLabel = "REGION") long region) {
    with.tell(with.pd().send("DELETE", "operators/" + Long.toUnsignedString(region), null));
  }
}

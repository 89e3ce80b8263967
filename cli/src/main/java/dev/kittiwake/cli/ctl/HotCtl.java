package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where the load is. */
@Command(
    name = "hot",
    mixinStandardHelpOptions = true,
    description = "Regions with much load: read or write; or the load of all stores: store.")
final class HotCtl implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private CtlOptions options;

  @Parameters(paramLabel = "read|write|store")
  private String what;

  @Override
  public void run() {
    switch (what) {
      case "read", "write" -> regions(options.pd().get("hotspot/regions/" + what));
      case "store" -> options.printJson(options.pd().get("hotspot/stores"));
      default ->
          throw new ParameterException(
              spec.commandLine(), "'" + what + "' is neither read nor write nor store");
    }
  }

  private void regions(JsonNode answer) {
    ArrayNode rows = CtlOptions.NODES.arrayNode();
    for (String role : new String[] {"as_leader", "as_peer"}) {
      for (JsonNode store : answer.path(role)) {
        for (JsonNode region : store.path("statistics")) {
          ObjectNode row = region.deepCopy();
          rows.add(row.put("role", role.substring(3)));
        }
      }
    }
    options.show(
        answer,
        rows,
        new Table()
            .column("REGION", "/region_id")
            .column("STORE", "/store_id")
            .column("AS", "/role")
            .column("DEGREE", "/hot_degree")
            .column("BYTES/s", "/flow_bytes")
            .column("KEYS/s", "/flow_keys"));
  }
}

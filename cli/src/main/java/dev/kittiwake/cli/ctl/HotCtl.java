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
      case "store" -> stores(options.pd().get("hotspot/stores"));
      default ->
          throw new ParameterException(
              spec.commandLine(), "'" + what + "' is neither read nor write nor store");
    }
  }

  private void stores(JsonNode answer) {
    ArrayNode rows = CtlOptions.NODES.arrayNode();
    answer
        .path("bytes-write-rate")
        .fieldNames()
        .forEachRemaining(
            store -> {
              ObjectNode row = rows.addObject().put("store", store);
              answer
                  .fields()
                  .forEachRemaining(rate -> row.set(rate.getKey(), rate.getValue().path(store)));
            });
    options.show(
        answer,
        rows,
        new Table()
            .column("STORE", "/store")
            .column("BYTES WRITTEN/s", "/bytes-write-rate")
            .column("KEYS WRITTEN/s", "/keys-write-rate")
            .column("BYTES READ/s", "/bytes-read-rate")
            .column("KEYS READ/s", "/keys-read-rate"));
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

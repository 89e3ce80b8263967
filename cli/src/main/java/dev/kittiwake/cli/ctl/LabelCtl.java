package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Where stores stand. */
@Command(
    name = "label",
    mixinStandardHelpOptions = true,
    description = "The labels of all stores, or the stores with a label.")
final class LabelCtl implements Runnable {
  @Mixin private CtlOptions options;

  @Parameters(paramLabel = "KEY", index = "0", arity = "0..1", description = "only this one")
  private String key;

  @Parameters(paramLabel = "VALUE", index = "1", arity = "0..1", description = "with this value")
  private String value;

  @Override
  public void run() {
    ArrayNode rows = CtlOptions.NODES.arrayNode();
    for (JsonNode store : options.pd().get("stores").path("stores")) {
      for (JsonNode label : store.at("/store/labels")) {
        boolean fits =
            (key == null || key.equals(label.path("key").asText()))
                && (value == null || value.equals(label.path("value").asText()));
        if (fits) {
          rows.addObject()
              .put("key", label.path("key").asText())
              .put("value", label.path("value").asText())
              .put("store", store.at("/store/id").asLong())
              .put("address", store.at("/store/address").asText());
        }
      }
    }
    options.show(
        rows,
        rows,
        new Table()
            .column("KEY", "/key")
            .column("VALUE", "/value")
            .column("STORE", "/store")
            .column("ADDRESS", "/address"));
  }
}

package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Settings that hold for the whole cluster and can change while it runs. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "The settings of the cluster.")
final class ConfigCtl implements Runnable {
  @Mixin private CtlOptions options;

  @Override
  public void run() {
    show(options);
  }

  @Command(mixinStandardHelpOptions = true, description = "The settings of the cluster.")
  void show(@Mixin CtlOptions with) {
    JsonNode config = with.pd().get("config");
    ArrayNode rows = CtlOptions.NODES.arrayNode();
    config
        .fields()
        .forEachRemaining(
            group ->
                group
                    .getValue()
                    .fields()
                    .forEachRemaining(
                        setting ->
                            rows.addObject()
                                .put("name", group.getKey() + "." + setting.getKey())
                                .put(
                                    "value",
                                    setting.getValue().isValueNode()
                                        ? setting.getValue().asText()
                                        : setting.getValue().toString())));
    with.show(config, rows, new Table().column("NAME", "/name").column("VALUE", "/value"));
  }

  @Command(mixinStandardHelpOptions = true, description = "Change a setting, for all and at once.")
  void set(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "NAME") String name,
      @Parameters(paramLabel = "VALUE") String value) {
    with.tell(with.pd().send("POST", "config", CtlOptions.body().put(name, value)));
  }
}

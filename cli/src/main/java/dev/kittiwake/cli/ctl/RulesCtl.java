package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Where replicas may be. */
@Command(
    name = "placement-rules",
    mixinStandardHelpOptions = true,
    description = "The rules that say how many replicas there are and where.")
final class RulesCtl implements Runnable {
  @Mixin private CtlOptions options;

  @Override
  public void run() {
    JsonNode rules = options.pd().get("config/rules");
    options.show(
        rules,
        rules,
        new Table()
            .column("GROUP", "/group_id")
            .column("ID", "/id")
            .column("START", "/start_key")
            .column("END", "/end_key")
            .column("ROLE", "/role")
            .column("COUNT", "/count")
            .column("LABELS", row -> row.path("label_constraints").toString())
            .column("LOCATIONS", row -> row.path("location_labels").toString()));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Set the rules of a file: one rule as JSON, or a list of them.")
  void save(@Mixin CtlOptions with, @Parameters(paramLabel = "FILE") Path file) {
    JsonNode rules;
    try {
      rules = new ObjectMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new PdHttp.Failed("cannot read rules from " + file + ": " + e.getMessage());
    }
    with.tell(with.pd().send("POST", rules.isArray() ? "config/rules" : "config/rule", rules));
  }

  @Command(mixinStandardHelpOptions = true, description = "Drop a rule.")
  void delete(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "GROUP") String group,
      @Parameters(paramLabel = "ID") String id) {
    with.tell(with.pd().send("DELETE", "config/rule/" + group + "/" + id, null));
  }
}

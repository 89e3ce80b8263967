package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The members of the placement driver. */
@Command(
    name = "member",
    mixinStandardHelpOptions = true,
    description = "The members of the placement driver, who leads and who is well.")
final class MemberCtl implements Runnable {
  @Mixin private CtlOptions options;

  @Override
  public void run() {
    PdHttp pd = options.pd();
    JsonNode members = pd.get("members");
    if (options.wantsJson()) {
      options.printJson(members);
      return;
    }
    TreeMap<String, String> health = new TreeMap<>();
    pd.get("health")
        .forEach(one -> health.put(one.path("name").asText(), one.path("health").asText()));
    String leader = members.at("/leader/name").asText();
    ArrayNode rows = CtlOptions.NODES.arrayNode();
    for (JsonNode member : members.path("members")) {
      ObjectNode row = member.deepCopy();
      String name = row.path("name").asText();
      row.put("leads", name.equals(leader) ? "leader" : row.path("role").asText("-"));
      row.put("well", health.getOrDefault(name, "-").equals("true") ? "yes" : "no");
      rows.add(row);
    }
    new Table()
        .column("NAME", "/name")
        .column("ID", "/member_id")
        .column("ADDRESS", "/client_urls/0")
        .column("ROLE", "/leads")
        .column("WELL", "/well")
        .print(rows, options.out());
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Take a member out of the group; its process ends by itself.")
  void delete(@Mixin CtlOptions with, @Parameters(paramLabel = "NAME") String name) {
    with.tell(with.pd().send("DELETE", "members/name/" + name, null));
  }

  @Command(mixinStandardHelpOptions = true, description = "Let another member lead.")
  void resign(@Mixin CtlOptions with) {
    with.tell(with.pd().send("POST", "leader/resign", null));
  }

  @Command(mixinStandardHelpOptions = true, description = "Let this member lead.")
  void transfer(@Mixin CtlOptions with, @Parameters(paramLabel = "NAME") String name) {
    with.tell(with.pd().send("POST", "leader/transfer/" + name, null));
  }
}

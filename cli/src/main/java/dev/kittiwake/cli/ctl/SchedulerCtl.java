package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What moves leaders and replicas without being asked. */
@Command(
    name = "scheduler",
    mixinStandardHelpOptions = true,
    description = "The schedulers that run.")
final class SchedulerCtl implements Runnable {
  @Mixin private CtlOptions options;

  @Override
  public void run() {
    JsonNode answer = options.pd().get("schedulers/details");
    options.show(
        answer,
        answer,
        new Table()
            .column("NAME", "/name")
            .column("WORKS ON", "/works_on")
            .column("PAUSED s", "/paused_seconds"));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Add one: evict-leader-scheduler 4, grant-leader-scheduler 4, ...")
  void add(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "NAME", index = "0") String name,
      @Parameters(paramLabel = "STORE", index = "1", arity = "0..1", converter = UnsignedId.class)
          Long store) {
    ObjectNode body = CtlOptions.body().put("name", name);
    if (store != null) {
      body.put("store_id", store);
    }
    with.tell(with.pd().send("POST", "schedulers", body));
  }

  @Command(mixinStandardHelpOptions = true, description = "Remove one.")
  void remove(@Mixin CtlOptions with, @Parameters(paramLabel = "NAME") String name) {
    with.tell(with.pd().send("DELETE", "schedulers/" + name, null));
  }

  @Command(mixinStandardHelpOptions = true, description = "Pause one, or all, for some seconds.")
  void pause(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "NAME|all", index = "0") String name,
      @Parameters(paramLabel = "SECONDS", index = "1") long seconds) {
    with.tell(
        with.pd().send("POST", "schedulers/" + name, CtlOptions.body().put("delay", seconds)));
  }

  @Command(mixinStandardHelpOptions = true, description = "Let one that is paused go on.")
  void resume(@Mixin CtlOptions with, @Parameters(paramLabel = "NAME|all") String name) {
    with.tell(with.pd().send("POST", "schedulers/" + name, CtlOptions.body().put("delay", 0)));
  }
}

package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Which versions may be dropped, and who holds that back. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description = "The safe point of garbage collection, and the services that hold it back.")
final class GcCtl implements Runnable {
  @Mixin private CtlOptions options;

  private static String expires(long seconds) {
    return seconds == Long.MAX_VALUE ? "never" : Instant.ofEpochSecond(seconds).toString();
  }

  @Override
  public void run() {
    JsonNode answer = options.pd().get("gc/safepoint");
    options.show(
        answer,
        answer.path("service_gc_safe_points"),
        new Table()
            .column("SERVICE", "/service_id")
            .column("SAFE POINT", "/safe_point")
            .column("EXPIRES", row -> expires(row.path("expired_at").asLong())));
    if (!options.wantsJson()) {
      options.out().println("safe point " + answer.path("gc_safe_point").asText());
    }
  }
}

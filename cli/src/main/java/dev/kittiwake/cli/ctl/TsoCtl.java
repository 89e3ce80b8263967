package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kittiwake.proto.key.Timestamp;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Timestamps: what they mean, and how to move them forward after a clock was wrong. */
@Command(name = "tso", mixinStandardHelpOptions = true, description = "What a timestamp means.")
final class TsoCtl implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private CtlOptions options;

  @Parameters(
      paramLabel = "TIMESTAMP",
      arity = "0..1",
      description = "a number, as in errors and logs")
  private String timestamp;

  @Override
  public void run() {
    if (timestamp == null) {
      throw new ParameterException(spec.commandLine(), "Say which timestamp.");
    }
    decode(options, timestamp);
  }

  private static long parse(CtlOptions with, String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw with.wrongUsage("'" + text + "' is not a timestamp: write a number");
    }
  }

  @Command(mixinStandardHelpOptions = true, description = "What a timestamp means.")
  void decode(@Mixin CtlOptions with, @Parameters(paramLabel = "TIMESTAMP") String text) {
    long ts = parse(with, text);
    ObjectNode row =
        CtlOptions.body()
            .put("system", Instant.ofEpochMilli(Timestamp.physicalMillis(ts)).toString())
            .put("physical", Timestamp.physicalMillis(ts))
            .put("logical", Timestamp.logical(ts));
    with.show(
        row,
        CtlOptions.NODES.arrayNode().add(row),
        new Table()
            .column("SYSTEM", "/system")
            .column("PHYSICAL ms", "/physical")
            .column("LOGICAL", "/logical"));
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Let timestamps go on from here; they never go back.")
  void reset(
      @Mixin CtlOptions with,
      @Parameters(paramLabel = "TIMESTAMP") String text,
      @Option(names = "--force", description = "even if it is far ahead of the clock")
          boolean force) {
    ObjectNode body =
        CtlOptions.body()
            .put("tso", Long.toUnsignedString(parse(with, text)))
            .put("force-use-larger", force);
    try {
      with.tell(with.pd().send("POST", "admin/reset-ts", body));
    } catch (PdHttp.Failed refused) {
      throw refused.getMessage().contains(": insist")
          ? new PdHttp.Failed(refused.getMessage().replace(": insist", ": say --force"))
          : refused;
    }
  }
}

package dev.kittiwake.cli.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the commands about a running cluster. */
@Command(
    name = "ctl",
    mixinStandardHelpOptions = true,
    description = "Look at a running cluster and change how it is scheduled.",
    footer = {"", "Every command takes --pd HOST:PORT and --json."},
    subcommands = {
      StoreCtl.class,
      RegionCtl.class,
      MemberCtl.class,
      SchedulerCtl.class,
      OperatorCtl.class,
      HotCtl.class,
      ConfigCtl.class,
      LabelCtl.class,
      RulesCtl.class,
      TsoCtl.class,
      WhyCtl.class,
      GcCtl.class
    })
public final class CtlCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what to look at: " + spec.subcommands().keySet());
  }
}

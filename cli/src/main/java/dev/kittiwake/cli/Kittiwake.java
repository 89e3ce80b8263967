package dev.kittiwake.cli;

import dev.kittiwake.cli.chaos.ChaosCommand;
import dev.kittiwake.cli.ctl.CtlCommand;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of all commands. */
@Command(
    name = "kittiwake",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    description = "A distributed, transactional key-value store with SQL over JDBC.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start with:  bin/kittiwake playground",
      "then, in another terminal:  bin/kittiwake sql",
      "Each command has its own --help."
    },
    subcommands = {
      PlaygroundCommand.class,
      SqlCommand.class,
      KvCommand.class,
      CtlCommand.class,
      TpccCommand.class,
      BenchCommand.class,
      ChaosCommand.class,
      SimulateCommand.class,
      PdCommand.class,
      SqlServerCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Kittiwake implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(run(args));
  }

  /**
   * Runs one command line; the exit status is 0 when all went well, 1 after a failure, 2 after
   * wrong usage.
   */
  static int run(String... args) {
    logThroughOneDoor();
    return commandLine().execute(args);
  }

  /** What libraries log through the JDK's logging comes out as our own lines do, or not at all. */
  private static void logThroughOneDoor() {
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install();
    }
  }

  /** All commands, with how options are read and failures told. */
  static CommandLine commandLine() {
    return new CommandLine(new Kittiwake())
        .registerConverter(java.time.Duration.class, Durations::parse)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new UserErrors())
        .setParameterExceptionHandler(Kittiwake::wrongUsage);
  }

  /** One line that says what is wrong, and one that says where to look. */
  private static int wrongUsage(ParameterException wrong, String... args) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println("kittiwake: " + wrong.getMessage() + " (see " + name + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }
}

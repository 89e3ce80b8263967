package dev.kittiwake.cli.chaos.ability;

import dev.kittiwake.cli.chaos.disk.LoopDisk;
import dev.kittiwake.cli.chaos.host.Shell;
import dev.kittiwake.cli.chaos.host.Watchdog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The outcome of all trials: why each ability that is not there is not there. */
public final class Host {
  private static final long TRIAL_BYTES = 8L << 20;
  private static final List<String> FAKETIME =
      List.of(
          "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
          "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
          "/usr/lib64/faketime/libfaketimeMT.so.1",
          "/usr/lib/faketime/libfaketimeMT.so.1",
          "/usr/local/lib/faketime/libfaketimeMT.so.1");

  private final Map<Ability, String> missing; // ability to reason

  private Host(Map<Ability, String> missing) {
    this.missing = missing;
  }

  /** Tries out {@code wanted}, with small things below {@code directory}. */
  public static Host examine(Set<Ability> wanted, Path directory, Watchdog watchdog)
      throws InterruptedException {
    Map<Ability, String> missing = new EnumMap<>(Ability.class);
    for (Ability ability : wanted) {
      reason(ability, directory, watchdog).ifPresent(reason -> missing.put(ability, reason));
    }
    if (missing.containsKey(Ability.LOOP_DISKS) && wanted.contains(Ability.POWER_CUT)) {
      missing.put(Ability.POWER_CUT, missing.get(Ability.LOOP_DISKS));
    }
    return new Host(missing);
  }

  /** Why something is not possible here; empty if it is. */
  public Optional<String> missing(Ability ability) {
    return Optional.ofNullable(missing.get(ability));
  }

  /** The library that shifts wall clocks. */
  public static Optional<Path> clockLibrary() {
    return FAKETIME.stream().map(Path::of).filter(Files::exists).findFirst();
  }

  private static Optional<String> reason(Ability ability, Path directory, Watchdog watchdog)
      throws InterruptedException {
    try {
      return switch (ability) {
        case SIGNALS -> works("kill", "-0", Long.toString(ProcessHandle.current().pid()));
        case SOCKET_OWNERS ->
            Files.isReadable(Path.of("/proc/net/tcp"))
                ? Optional.empty()
                : Optional.of("there is no /proc/net/tcp to see who connects");
        case SYNC_TROUBLE ->
            works(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync",
                "-e",
                "inject=fsync:error=EIO",
                "true");
        case LOOP_DISKS -> disk(directory, watchdog, false);
        case POWER_CUT -> disk(directory, watchdog, true);
        case CLOCKS ->
            clockLibrary().isPresent()
                ? Optional.empty()
                : Optional.of("libfaketime is not installed");
      };
    } catch (IOException notThere) {
      return Optional.of(oneLine(notThere.getMessage()));
    }
  }

  private static Optional<String> works(String... command)
      throws IOException, InterruptedException {
    Shell.Answer answer = Shell.run(command);
    return answer.ok() ? Optional.empty() : Optional.of(command[0] + ": " + answer.line());
  }

  private static Optional<String> disk(Path directory, Watchdog watchdog, boolean cut)
      throws IOException, InterruptedException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("mounting needs root");
    }
    LoopDisk disk =
        LoopDisk.create(directory, cut ? "trial-cut" : "trial-disk", TRIAL_BYTES, watchdog);
    try {
      if (cut) {
        disk.cutPower();
        disk.restorePower();
      }
      return Optional.empty();
    } finally {
      disk.close();
    }
  }

  private static String oneLine(String message) {
    return message == null ? "it cannot be run" : message.lines().findFirst().orElse("");
  }
}

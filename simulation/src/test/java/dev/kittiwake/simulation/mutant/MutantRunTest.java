package dev.kittiwake.simulation.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plants bugs in production code, one at a time, and sees whether the rig notices: tests that let a
 * known bug pass prove nothing by being green. Each mutant is compiled into a folder that comes
 * first on the class path of a JVM of its own. {@code -Dmutant=06} runs one.
 *
 * <p>Without the tag one mutant is tried, and all are applied and compiled, so that none goes
 * stale.
 */
class MutantRunTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final Path MUTANTS = Path.of("src/test/resources/mutants");
  private static final String SCENARIOS = "dev.kittiwake.simulation.scenario.";
  private static final long MINUTES_EACH = 10;
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir private Path folder;

  @Test
  void everyMutantFitsTheCode() throws IOException {
    List<Mutant> all = Mutant.all(MUTANTS);
    assertTrue(all.size() >= 35, all.size() + " mutants");
    for (Mutant mutant : all) {
      compile(mutant);
    }
  }

  @Test
  void oneMutantIsKilled() throws Exception {
    Mutant first = Mutant.all(MUTANTS).get(0);
    assertEquals(MutantTrial.KILLED, trial(first), first + ": " + first.breaks());
  }

  @TestFactory
  @Tag("long")
  Stream<DynamicTest> everyMutantIsKilled() throws IOException {
    String only = System.getProperty("mutant", "");
    return Mutant.all(MUTANTS).stream()
        .filter(mutant -> mutant.name().startsWith(only))
        .map(
            mutant ->
                DynamicTest.dynamicTest(
                    mutant.name(),
                    () ->
                        assertEquals(
                            MutantTrial.KILLED, trial(mutant), mutant + ": " + mutant.breaks())));
  }

  /** Compiles the changed file; answers the folder with its classes. */
  private Path compile(Mutant mutant) throws IOException {
    Path original = ROOT.resolve(mutant.file());
    Path sources = Files.createDirectories(folder.resolve(mutant.name() + "-source"));
    Path classes = Files.createDirectories(folder.resolve(mutant.name()));
    Path changed = sources.resolve(original.getFileName());
    Files.writeString(changed, mutant.applyTo(Files.readString(original)));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int failed =
        compiler.run(
            null,
            null,
            null,
            "-nowarn",
            "-proc:none",
            "-d",
            classes.toString(),
            "-cp",
            CLASS_PATH,
            changed.toString());
    assertEquals(0, failed, mutant + " does not compile");
    return classes;
  }

  private int trial(Mutant mutant) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-cp"));
    command.add(compile(mutant) + File.pathSeparator + CLASS_PATH);
    command.add(MutantTrial.class.getName());
    mutant
        .killedBy()
        .forEach(each -> command.add(each.startsWith(MutantTrial.SEEDS) ? each : SCENARIOS + each));
    Path output = folder.resolve(mutant.name() + ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(MINUTES_EACH, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError(mutant + ": no end within " + MINUTES_EACH + " minutes");
    }
    System.out.println(
        mutant + ": " + Files.readString(output).lines().limit(3).collect(Collectors.joining(" ")));
    return process.exitValue();
  }
}

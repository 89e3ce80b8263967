package dev.kittiwake.testkit.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs the golden scripts below a directory. In a test class:
 *
 * <pre>
 * {@literal @}TestFactory
 * Stream&lt;DynamicNode&gt; scripts() {
 *   return Scripts.in(Path.of("src/test/resources/scripts")).tests(input -&gt; new Interpreter().run(input));
 * }
 * </pre>
 *
 * The interpreter gets the input lines of one case (comments and blank lines removed) and returns
 * the output lines. It is called once for every case, so it must start from nothing each time. With
 * {@code -Drewrite=true} the files are rewritten with what the interpreter returned, and every test
 * passes, unless the interpreter throws: the case keeps its output then.
 */
public final class Scripts {
  private final Path directory;
  private final boolean rewrite;

  private Scripts(Path directory, boolean rewrite) {
    this.directory = directory;
    this.rewrite = rewrite;
  }

  /**
   * All {@code *.script} files below {@code directory}, which is relative to the module's own
   * directory.
   */
  public static Scripts in(Path directory) {
    return new Scripts(directory, Boolean.getBoolean("rewrite"));
  }

  /** The same scripts, rewritten or compared as told, whatever the system property says. */
  Scripts rewriting(boolean rewriting) {
    return new Scripts(directory, rewriting);
  }

  /**
   * One container for each file, one test for each case.
   *
   * @throws IllegalStateException if there is no script or a script has no case: a test that runs
   *     nothing cannot fail
   */
  public Stream<DynamicNode> tests(Function<List<String>, List<String>> interpreter) {
    List<DynamicNode> containers = new ArrayList<>();
    for (Path file : files()) {
      List<ScriptCase> cases = ScriptCase.parse(read(file));
      if (cases.isEmpty()) {
        throw new IllegalStateException("script without a case: " + file);
      }
      List<String> rewritten = new ArrayList<>();
      List<DynamicTest> tests = new ArrayList<>();
      for (int i = 0; i < cases.size(); i++) {
        ScriptCase one = cases.get(i);
        boolean last = i == cases.size() - 1;
        tests.add(
            DynamicTest.dynamicTest(
                one.claim(), file.toUri(), () -> run(file, one, interpreter, rewritten, last)));
      }
      containers.add(
          DynamicContainer.dynamicContainer(
              directory.relativize(file).toString(), file.toUri(), tests.stream()));
    }
    return containers.stream();
  }

  private void run(
      Path file,
      ScriptCase one,
      Function<List<String>, List<String>> interpreter,
      List<String> rewritten,
      boolean last) {
    if (!rewrite) {
      List<String> seen = ScriptCase.trimmed(lines(interpreter.apply(one.input())));
      assertEquals(
          String.join("\n", one.expected()),
          String.join("\n", seen),
          () -> file + ": " + one.claim() + "\n(-Drewrite=true writes the new output)\n");
      return;
    }
    if (!rewritten.isEmpty()) {
      rewritten.add("");
    }
    rewritten.addAll(one.lines());
    rewritten.add(ScriptCase.SEPARATOR);
    List<String> output = one.expected(); // stays if the interpreter fails
    try {
      output = ScriptCase.trimmed(lines(interpreter.apply(one.input())));
    } finally {
      rewritten.addAll(output);
      if (last) {
        write(file, rewritten);
      }
    }
  }

  /** Output lines may hold line breaks; blanks at the end of a line do not count. */
  private static List<String> lines(List<String> output) {
    return output.stream().flatMap(String::lines).map(String::stripTrailing).toList();
  }

  private List<Path> files() {
    try (Stream<Path> walk = Files.walk(directory)) {
      List<Path> files = walk.filter(path -> path.toString().endsWith(".script")).sorted().toList();
      if (files.isEmpty()) {
        throw new IllegalStateException("no *.script below " + directory.toAbsolutePath());
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list scripts below " + directory.toAbsolutePath(), e);
    }
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static void write(Path file, List<String> lines) {
    try {
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}

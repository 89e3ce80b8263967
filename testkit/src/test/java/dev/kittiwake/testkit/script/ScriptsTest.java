package dev.kittiwake.testkit.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptsTest {
  private static final Function<List<String>, List<String>> UPPER_CASE =
      input -> input.stream().map(String::toUpperCase).toList();

  @TempDir Path directory;

  @Test
  void aFileHoldsSeveralCasesNamedByTheirClaims() throws Throwable {
    script(
        "# first claim",
        "# more about it",
        "a  # comment",
        "b#c",
        "",
        "---",
        "A",
        "B#C",
        "",
        "# second",
        "x",
        "---",
        "X");
    List<DynamicTest> tests = tests(Scripts.in(directory).rewriting(false), UPPER_CASE);
    assertEquals(
        List.of("first claim", "second"), tests.stream().map(DynamicTest::getDisplayName).toList());
    runAll(tests);
  }

  @Test
  void anOutputThatDiffersFails() throws Throwable {
    script("# claim", "a", "---", "B");
    List<DynamicTest> tests = tests(Scripts.in(directory).rewriting(false), UPPER_CASE);
    assertThrows(AssertionError.class, () -> runAll(tests));
  }

  @Test
  void rewriteKeepsInputAndCommentsAndReplacesTheOutput() throws Throwable {
    Path file = script("# claim", "a # why", "---", "old", "", "", "# second", "b", "---");
    runAll(tests(Scripts.in(directory).rewriting(true), UPPER_CASE));
    assertEquals(
        List.of("# claim", "a # why", "---", "A", "", "# second", "b", "---", "B"),
        Files.readAllLines(file));
  }

  @Test
  void aDirectoryWithoutScriptsIsAMistake() {
    assertThrows(IllegalStateException.class, () -> Scripts.in(directory).tests(UPPER_CASE));
  }

  private Path script(String... lines) throws Exception {
    return Files.write(directory.resolve("a.script"), List.of(lines));
  }

  private static List<DynamicTest> tests(
      Scripts scripts, Function<List<String>, List<String>> interpreter) {
    List<DynamicTest> tests = new ArrayList<>();
    scripts
        .tests(interpreter)
        .forEach(
            node ->
                ((DynamicContainer) node)
                    .getChildren()
                    .forEach(child -> tests.add((DynamicTest) child)));
    return tests;
  }

  private static void runAll(List<DynamicTest> tests) throws Throwable {
    for (DynamicTest test : tests) {
      test.getExecutable().execute();
    }
  }
}

package dev.kittiwake.sql;

import dev.kittiwake.testkit.script.Scripts;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Statements and their results, one case each. */
class SqlScriptsTest {
  @TestFactory
  Stream<DynamicNode> scripts() {
    return Scripts.in(Path.of("src/test/resources/sql")).tests(input -> new SqlScript().run(input));
  }
}

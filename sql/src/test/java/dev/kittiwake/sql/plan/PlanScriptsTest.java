package dev.kittiwake.sql.plan;

import dev.kittiwake.testkit.script.Scripts;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Schema and statements to plans; see {@link PlanSession} for the script language. */
class PlanScriptsTest {
  @TestFactory
  Stream<DynamicNode> scripts() {
    return Scripts.in(Path.of("src/test/resources/plans"))
        .tests(lines -> new PlanSession().run(lines));
  }
}

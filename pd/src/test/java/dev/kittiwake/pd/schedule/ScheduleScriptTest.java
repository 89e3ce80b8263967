package dev.kittiwake.pd.schedule;

import dev.kittiwake.testkit.script.Scripts;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Schedulers and checkers on a cluster that is written down: {@code src/test/scripts/schedule}. The
 * language is that of {@link WrittenCluster}.
 */
final class ScheduleScriptTest {
  @TestFactory
  Stream<DynamicNode> scripts() {
    return Scripts.in(Path.of("src/test/scripts/schedule"))
        .tests(lines -> new WrittenCluster().run(lines));
  }
}

package dev.kittiwake.txn.script;

import dev.kittiwake.testkit.script.Scripts;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Every command and every anomaly, as stories in {@code src/test/resources/scripts}. */
class TxnScriptsTest {
  @TestFactory
  Stream<DynamicNode> scripts() {
    return Scripts.in(Path.of("src/test/resources/scripts"))
        .tests(script -> new Interpreter().run(script));
  }
}

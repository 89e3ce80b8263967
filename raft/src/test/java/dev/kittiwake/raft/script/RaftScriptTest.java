package dev.kittiwake.raft.script;

import dev.kittiwake.testkit.script.Scripts;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

class RaftScriptTest {
  @TestFactory
  Stream<DynamicNode> scripts() {
    return Scripts.in(Path.of("src/test/resources/scripts"))
        .tests(input -> new ScriptedGroup().run(input));
  }
}

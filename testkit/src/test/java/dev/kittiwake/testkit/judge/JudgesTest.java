package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.script.Scripts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/**
 * Histories of a few lines and what the judges say of them. The first line names the judge; a rule
 * that is broken must be caught, and under its right name.
 */
class JudgesTest {
  @TestFactory
  Stream<DynamicNode> scripts() {
    return Scripts.in(Path.of("src/test/resources/judges")).tests(JudgesTest::run);
  }

  private static List<String> run(List<String> input) {
    History history = Told.of(input.subList(1, input.size()));
    Verdict verdict = judge(input.get(0).substring("judge ".length())).judge(history);
    List<String> output = new ArrayList<>();
    if (verdict instanceof Verdict.Holds) {
      output.add("holds");
      output.addAll(((Verdict.Holds) verdict).notes());
    } else {
      output.addAll(verdict.toString().lines().toList());
    }
    return output;
  }

  private static Judge judge(String name) {
    if (name.startsWith("bank ")) {
      return new Bank(Told.balances(name.substring("bank ".length())));
    }
    switch (name) {
      case "strong snapshot":
        return new Cycles(Level.STRONG_SNAPSHOT);
      case "snapshot":
        return new Cycles(Level.SNAPSHOT);
      case "pessimistic":
        return new Cycles(Level.PESSIMISTIC);
      case "read committed":
        return new Cycles(Level.READ_COMMITTED);
      case "linearizability":
        return new Linearizability();
      case "long fork":
        return new LongFork();
      case "write skew allowed":
        return WriteSkew.allowed();
      case "write skew forbidden":
        return WriteSkew.forbidden();
      case "monotonic":
        return new Monotonic();
      case "sets":
        return new Sets();
      case "timestamps":
        return new TimestampOrder();
      default:
        throw new IllegalArgumentException("no judge " + name);
    }
  }
}

package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Operation;
import java.util.List;

/** What a judge says of a history. */
public sealed interface Verdict {
  /** Nothing in the history breaks the promise. */
  static Verdict holds() {
    return new Holds(List.of());
  }

  default boolean isBroken() {
    return this instanceof Broken;
  }

  /**
   * @param notes what is worth showing though it is allowed, for example write skew; often empty
   */
  record Holds(List<String> notes) implements Verdict {
    public Holds {
      notes = List.copyOf(notes);
    }
  }

  /**
   * @param rule the worst rule that is broken
   * @param explanation one sentence (or one line per operation of a cycle) that a person
   *     understands
   * @param operations the fewest operations that show it, in the order in which the explanation
   *     names them
   */
  record Broken(Rule rule, String explanation, List<Operation> operations) implements Verdict {
    public Broken {
      operations = List.copyOf(operations);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(rule.title()).append(": ").append(explanation);
      for (Operation operation : operations) {
        text.append("\n  ").append(Describe.operation(operation));
      }
      return text.toString();
    }
  }
}

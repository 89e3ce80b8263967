package dev.kittiwake.testkit.judge;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.history.Ending;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.history.Seen;
import dev.kittiwake.testkit.history.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The rules that concern one read and the writers of what it returned: garbage, duplicates, aborted
 * and intermediate reads, internal consistency.
 */
final class ReadRules {
  private final Transactions transactions;
  private final Level level;
  private final Consumer<Verdict.Broken> found;

  ReadRules(Transactions transactions, Level level, Consumer<Verdict.Broken> found) {
    this.transactions = transactions;
    this.level = level;
    this.found = found;
  }

  void check() {
    for (Transaction reader : transactions.committed()) {
      if (reader.operation().answer() != null) {
        String contradiction = InternalReads.contradiction(reader.operation(), level);
        if (contradiction != null) {
          report(Rule.INTERNAL, contradiction, reader.operation());
        }
        checkValues(reader);
      }
    }
  }

  /** Looks at every value as returned, own ones too. */
  private void checkValues(Transaction reader) {
    List<Step> steps = ((Action.Txn) reader.operation().action()).steps();
    List<Seen> seen = ((Answer.Committed) reader.operation().answer()).seen();
    for (int i = 0; i < steps.size(); i++) {
      Item item = Item.of(steps.get(i));
      if (item != null && seen.get(i) instanceof Seen.Elements) {
        checkElements(reader, item, ((Seen.Elements) seen.get(i)).elements());
      } else if (item != null && seen.get(i) instanceof Seen.Register) {
        Long value = ((Seen.Register) seen.get(i)).value();
        if (value != null) {
          checkValue(reader, item, value, true);
        }
      }
    }
  }

  private void checkElements(Transaction reader, Item item, List<Long> elements) {
    Set<Long> distinct = new HashSet<>();
    for (int i = 0; i < elements.size(); i++) {
      if (!distinct.add(elements.get(i))) {
        Transaction writer = transactions.writer(item, elements.get(i));
        report(
            Rule.DUPLICATE_ELEMENT,
            reader.name() + " read " + elements.get(i) + " in " + item + " twice: " + elements,
            writer == null ? reader.operation() : writer.operation(),
            reader.operation());
      }
      checkValue(reader, item, elements.get(i), i == elements.size() - 1);
    }
  }

  private void checkValue(Transaction reader, Item item, Long value, boolean newest) {
    Transaction writer = transactions.writer(item, value);
    if (writer == null) {
      report(
          Rule.GARBAGE_READ,
          reader.name() + " read " + value + " in " + item + ", which nobody wrote",
          reader.operation());
    } else if (writer.operation().ending() == Ending.FAILED) {
      report(
          Rule.G1A,
          String.format(
              "%s read %s in %s, but %s, which was to write it, did not commit",
              reader.name(), value, item, writer.name()),
          writer.operation(),
          reader.operation());
    } else if (newest && writer != reader && !value.equals(writer.lastWrite(item))) {
      report(
          Rule.G1B,
          String.format(
              "%s read %s as the newest in %s, but %s, which wrote it, went on to write %s",
              reader.name(), value, item, writer.name(), writer.lastWrite(item)),
          writer.operation(),
          reader.operation());
    }
  }

  private void report(Rule rule, String explanation, Operation... operations) {
    found.accept(new Verdict.Broken(rule, explanation, List.of(operations)));
  }
}

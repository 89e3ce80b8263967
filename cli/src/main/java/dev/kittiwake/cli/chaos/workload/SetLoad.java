package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.judge.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Numbers are added to a set, each a key of its own, and the whole set is read by one scan; after a
 * while a new set is begun.
 */
public final class SetLoad implements Load {
  private static final int ACTIONS_OF_A_SET = 300;
  private static final int READ_EVERY = 4;

  private final String prefix;

  public SetLoad(String run) {
    this.prefix = "chaos-txn/" + run + "/set-";
  }

  @Override
  public String name() {
    return "set";
  }

  @Override
  public Action next(RandomGenerator random, long number) {
    String set = prefix + number / ACTIONS_OF_A_SET;
    return random.nextInt(READ_EVERY) == 0
        ? new Action.ReadSet(set)
        : new Action.AddElement(set, number);
  }

  @Override
  public Answer carryOut(ClusterClient client, Action action) {
    if (action instanceof Action.ReadSet) {
      String set = ((Action.ReadSet) action).set();
      List<Long> elements = new ArrayList<>();
      byte[] start = Keys.bytes(set + "/");
      byte[] end = Keys.bytes(set + "0"); // '0' follows '/'
      try (Scan scan =
          client.transactions().latestSnapshot().scan(start, end, ScanOptions.FORWARD)) {
        while (scan.next()) {
          elements.add(Long.valueOf(Keys.text(scan.value())));
        }
      }
      return new Answer.Elements(elements);
    }
    Action.AddElement add = (Action.AddElement) action;
    String element = Long.toString(add.element());
    client
        .transactions()
        .run(
            TransactionOptions.optimistic(),
            txn -> {
              txn.put(Keys.bytes(add.set() + "/" + element), Keys.bytes(element));
              return null;
            });
    return Answer.DONE;
  }

  @Override
  public List<NamedJudge> judges() {
    return List.of(new NamedJudge("no acknowledged element is missing", new Sets()));
  }
}

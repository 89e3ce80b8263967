package dev.kittiwake.simulation.workload;

import static dev.kittiwake.simulation.workload.RawDeed.bytes;
import static dev.kittiwake.simulation.workload.RawDeed.text;

import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.ScanOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import dev.kittiwake.simulation.world.SimClient;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An element added as a key of its own, or all read by a scan. */
record SetDeed(Action action, boolean pessimistic) implements Deed {
  static SetDeed draw(Choice choice) {
    String set = choice.growingKey("set");
    return choice.below(4) == 0
        ? new SetDeed(new Action.ReadSet(set), false)
        : new SetDeed(new Action.AddElement(set, choice.value()), choice.below(2) == 0);
  }

  @Override
  public CompletableFuture<Answer> begin(SimClient client) {
    return client.run(
        "set", () -> action instanceof Action.AddElement add ? add(client, add) : read(client));
  }

  private Answer add(SimClient client, Action.AddElement add) {
    TransactionOptions options =
        pessimistic ? TransactionOptions.pessimistic() : TransactionOptions.optimistic();
    try (Transaction transaction = client.client().transactions().begin(options)) {
      // Spread: elements of one set lie in many regions.
      char first = (char) ('a' + add.element() % 26);
      String key = "set-" + add.set() + "/" + first + add.element();
      transaction.insert(bytes(key), bytes(Long.toString(add.element())));
      transaction.commit();
      return Answer.DONE;
    }
  }

  private Answer read(SimClient client) {
    List<Long> elements = new ArrayList<>();
    Key start = Key.of("set-" + ((Action.ReadSet) action).set() + "/");
    try (Transaction transaction =
            client.client().transactions().begin(TransactionOptions.optimistic());
        Scan scan =
            transaction.scan(start.toBytes(), start.prefixEnd().toBytes(), ScanOptions.FORWARD)) {
      while (scan.next()) {
        elements.add(Long.parseLong(text(scan.value())));
      }
      return new Answer.Elements(elements);
    }
  }
}

package dev.kittiwake.simulation.workload;

import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.History;
import dev.kittiwake.testkit.history.Isolation;
import dev.kittiwake.testkit.history.Operation;
import dev.kittiwake.testkit.history.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads of all that a history has touched: what nobody ever reads again is lost unnoticed. */
final class LastLook {
  private final Map<String, Deed> reads = new LinkedHashMap<>();

  private LastLook() {}

  /** One read for each key, list and set, and one of all accounts. */
  static List<Deed> at(History history) {
    LastLook look = new LastLook();
    for (Operation operation : history.operations()) {
      look.add(operation.action());
    }
    return List.copyOf(look.reads.values());
  }

  private void add(Action action) {
    if (action instanceof Action.RawGet get) {
      raw(get.key());
    } else if (action instanceof Action.RawPut put) {
      raw(put.key());
    } else if (action instanceof Action.RawDelete delete) {
      raw(delete.key());
    } else if (action instanceof Action.RawSwap swap) {
      raw(swap.key());
    } else if (action instanceof Action.AddElement adding) {
      set(adding.set());
    } else if (action instanceof Action.ReadSet reading) {
      set(reading.set());
    } else if (action instanceof Action.Txn txn) {
      txn.steps().forEach(step -> step(step, txn.isolation()));
    } else if (!(action instanceof Action.TakeTimestamps)) {
      reads.put("accounts", new BankDeed(new Action.ReadAccounts(BankDeed.accounts()), false));
    }
  }

  private void raw(String key) {
    reads.put("raw " + key, new RawDeed(new Action.RawGet(key)));
  }

  private void set(String set) {
    reads.put("set " + set, new SetDeed(new Action.ReadSet(set), false));
  }

  private void step(Step step, Isolation isolation) {
    boolean isList = step instanceof Step.Append || step instanceof Step.ReadList;
    Step reading =
        isList ? new Step.ReadList(step.key(), false) : new Step.ReadRegister(step.key());
    reads.put(
        "txn " + step.key(),
        new TxnDeed(new Action.Txn(List.of(reading), isolation), false, false));
  }
}

package dev.kittiwake.cli.chaos.workload;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.raw.RawClient;
import dev.kittiwake.client.raw.SwapResult;
import dev.kittiwake.testkit.history.Action;
import dev.kittiwake.testkit.history.Answer;
import dev.kittiwake.testkit.judge.Linearizability;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Raw reads, writes, deletes and compare-and-swaps on a few keys, which change after a while so
 * that each has a history that can be judged.
 */
public final class RegisterLoad implements Load {
  private static final int LIVE_KEYS = 4;
  private static final int ACTIONS_OF_A_KEY = 150;

  private final String prefix;

  /**
   * @param run different for each run against the same cluster
   */
  public RegisterLoad(String run) {
    this.prefix = "chaos-raw/" + run + "/register-";
  }

  @Override
  public String name() {
    return "register";
  }

  @Override
  public Action next(RandomGenerator random, long number) {
    String key =
        prefix + (number / (ACTIONS_OF_A_KEY * LIVE_KEYS) * LIVE_KEYS + random.nextInt(LIVE_KEYS));
    int dice = random.nextInt(100);
    if (dice < 45) {
      return new Action.RawGet(key);
    } else if (dice < 80) {
      return new Action.RawPut(key, "v" + number);
    } else if (dice < 95) {
      String expected = dice < 83 ? null : "v" + (number - 1 - random.nextInt(8));
      return new Action.RawSwap(key, expected, "v" + number);
    }
    return new Action.RawDelete(key);
  }

  @Override
  public Answer carryOut(ClusterClient client, Action action) {
    RawClient raw = client.raw().atomic(); // swaps need it of every writer of these keys
    if (action instanceof Action.RawGet) {
      return new Answer.Value(Keys.text(raw.get(Keys.bytes(((Action.RawGet) action).key()))));
    } else if (action instanceof Action.RawPut) {
      Action.RawPut put = (Action.RawPut) action;
      raw.put(Keys.bytes(put.key()), Keys.bytes(put.value()));
      return Answer.DONE;
    } else if (action instanceof Action.RawSwap) {
      Action.RawSwap swap = (Action.RawSwap) action;
      byte[] expected = swap.expected() == null ? null : Keys.bytes(swap.expected());
      SwapResult result =
          raw.compareAndSwap(Keys.bytes(swap.key()), expected, Keys.bytes(swap.value()));
      return new Answer.Swapped(result.swapped(), Keys.text(result.previous()));
    }
    raw.delete(Keys.bytes(((Action.RawDelete) action).key()));
    return Answer.DONE;
  }

  @Override
  public List<NamedJudge> judges() {
    return List.of(new NamedJudge("raw operations are linearizable", new Linearizability()));
  }
}

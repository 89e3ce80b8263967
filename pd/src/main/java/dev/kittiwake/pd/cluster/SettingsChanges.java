package dev.kittiwake.pd.cluster;

import dev.kittiwake.pd.meta.ChangeConfig;
import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.pd.schedule.PlacementSettings;
import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Changes settings, one change after the other. Two changes of rules may each be right and leave
 * keys without a voter together, so each is checked against what the one before has left: a leader
 * knows all that was decided before it, and everything since goes through here. Confined to the
 * loop.
 */
public final class SettingsChanges {
  private static final int MAX_WAITING = 1_000;

  private record Wanted(Map<String, String> changes, CompletableFuture<Outcome> outcome) {}

  private final PdCluster cluster;
  private final Deque<Wanted> waiting = new ArrayDeque<>();
  private boolean underWay;

  SettingsChanges(PdCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Changes settings, all of them or none.
   *
   * @param changes by full name; an empty value takes a setting back to its default
   * @return fails with IllegalArgumentException, naming what cannot be used
   */
  public CompletableFuture<Outcome> change(Map<String, String> changes) {
    if (waiting.size() >= MAX_WAITING) {
      return CompletableFuture.failedFuture(
          Status.RESOURCE_EXHAUSTED
              .withDescription(MAX_WAITING + " changes of settings wait already")
              .asRuntimeException());
    }
    Wanted wanted = new Wanted(changes, new CompletableFuture<>());
    waiting.add(wanted);
    next();
    return wanted.outcome();
  }

  private void next() {
    while (!underWay && !waiting.isEmpty()) {
      Wanted wanted = waiting.poll();
      try {
        check(wanted.changes());
      } catch (IllegalArgumentException e) {
        wanted.outcome().completeExceptionally(e);
        continue;
      }
      underWay = true;
      cluster
          .propose(new ChangeConfig(wanted.changes()))
          .whenComplete((outcome, failure) -> finish(wanted, outcome, failure));
    }
  }

  /** Within a round of applying: the next one is proposed after it. */
  private void finish(Wanted wanted, Outcome outcome, Throwable failure) {
    if (failure != null) {
      wanted.outcome().completeExceptionally(failure);
    } else {
      wanted.outcome().complete(outcome);
    }
    cluster
        .runtime()
        .loop()
        .execute(
            () -> {
              underWay = false;
              next();
            });
  }

  /** Rules that are off are checked as if they were on: turning them on must always be possible. */
  private void check(Map<String, String> changes) {
    Map<String, String> after = cluster.settingsAfter(changes);
    ScheduleConfig config = ScheduleConfig.of(after);
    PlacementSettings placed = PlacementSettings.of(after);
    if (changes.entrySet().stream().anyMatch(SettingsChanges::concernsRules)) {
      placed.rules(config.with(ScheduleSetting.ENABLE_PLACEMENT_RULES, "true"));
    }
  }

  /** Turning them off does not: it is the way out if an earlier program let in what is no use. */
  private static boolean concernsRules(Map.Entry<String, String> change) {
    return change.getKey().startsWith(PlacementSettings.RULE)
        || change.getKey().startsWith(PlacementSettings.RULE_GROUP)
        || (change.getKey().equals(ScheduleSetting.ENABLE_PLACEMENT_RULES.key())
            && !change.getValue().strip().equals("false"));
  }

  /** This member does not lead any more. */
  void clear(Throwable cause) {
    while (!waiting.isEmpty()) {
      waiting.poll().outcome().completeExceptionally(cause);
    }
  }
}

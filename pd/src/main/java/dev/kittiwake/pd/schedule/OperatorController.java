package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;

/**
 * The operators at work, at most one per region. The current step goes out with the region's
 * heartbeat, and again every few seconds, until a heartbeat shows its effect. Confined to one
 * thread; time comes in as milliseconds that never go back.
 */
public final class OperatorController {
  private static final long RESEND_MILLIS = 2_000;
  private static final int HISTORY = 1_000;

  /** How an operator ended, or that it has not. */
  public enum Status {
    RUNNING,
    SUCCESS,
    TIMEOUT,
    CANCELLED
  }

  /**
   * An operator and how far it is.
   *
   * @param step index of the current step
   * @param note why it ended the way it did
   */
  public record Progress(
      Operator operator,
      Status status,
      int step,
      long startedMillis,
      long stepStartedMillis,
      long sentMillis,
      String note) {
    OperatorStep current() {
      return operator.steps().get(step);
    }

    Progress at(int newStep, long nowMillis) {
      return new Progress(operator, status, newStep, startedMillis, nowMillis, nowMillis, note);
    }

    Progress sent(long nowMillis) {
      return new Progress(
          operator, status, step, startedMillis, stepStartedMillis, nowMillis, note);
    }

    Progress ended(Status how, String why) {
      return new Progress(operator, how, step, startedMillis, stepStartedMillis, sentMillis, why);
    }
  }

  private final NavigableMap<Long, Progress> running = new TreeMap<>(); // by region
  private final Deque<Progress> history = new ArrayDeque<>(); // newest first

  /**
   * Starts an operator.
   *
   * @return why not; empty if it is accepted
   */
  public Optional<String> offer(Operator operator, ScheduleConfig config, long nowMillis) {
    Progress other = running.get(operator.regionId());
    if (other != null) {
      return Optional.of("region " + operator.regionId() + " has " + other.operator().name());
    }
    long same =
        running.values().stream()
            .filter(progress -> progress.operator().kind() == operator.kind())
            .count();
    if (same >= config.limit(operator.kind())) {
      return Optional.of("limit of " + same + " operators of kind " + operator.kind());
    }
    running.put(
        operator.regionId(),
        new Progress(operator, Status.RUNNING, 0, nowMillis, nowMillis, nowMillis, ""));
    return Optional.empty();
  }

  /** The region's leader has reported: go on from what it shows. Answers the message to send it. */
  public Optional<RegionHeartbeatResponse> onHeartbeat(RegionRecord region, long nowMillis) {
    Progress progress = running.get(region.id());
    if (progress == null) {
      return Optional.empty();
    }
    Operator operator = progress.operator();
    while (progress.current().isDone(region)) {
      if (progress.step() + 1 == operator.steps().size()) {
        end(progress, Status.SUCCESS, "");
        return Optional.empty();
      }
      progress = progress.at(progress.step() + 1, nowMillis);
      running.put(region.id(), progress);
    }
    Optional<String> obstacle = obstacle(progress, region);
    if (obstacle.isPresent()) {
      end(progress, Status.CANCELLED, obstacle.get());
      return Optional.empty();
    }
    running.put(region.id(), progress.sent(nowMillis));
    return progress.current().isUnderWay(region)
        ? Optional.empty()
        : Optional.of(message(progress, region));
  }

  private static Optional<String> obstacle(Progress progress, RegionRecord region) {
    Operator operator = progress.operator();
    if (region.version() != operator.version()) {
      return Optional.of("the region was split or merged");
    }
    if (region.confVer() - operator.confVer() > operator.confVerChanges(progress.step() + 1)) {
      return Optional.of("someone else changed the region's replicas");
    }
    return progress.current().obstacle(region);
  }

  private static RegionHeartbeatResponse message(Progress progress, RegionRecord region) {
    RegionHeartbeatResponse.Builder message =
        RegionHeartbeatResponse.newBuilder()
            .setRegionId(region.id())
            .setRegionEpoch(region.region().getRegionEpoch())
            .setTargetPeer(region.leader());
    progress.current().writeTo(message);
    return message.build();
  }

  /** Ends what takes too long; answers the regions whose step is due to be sent again. */
  public List<Long> tick(long nowMillis) {
    List<Long> due = new ArrayList<>();
    List<Progress> late = new ArrayList<>();
    for (Progress progress : running.values()) {
      if (nowMillis - progress.stepStartedMillis() >= progress.current().timeoutMillis()) {
        late.add(progress);
      } else if (nowMillis - progress.sentMillis() >= RESEND_MILLIS) {
        due.add(progress.operator().regionId());
      }
    }
    for (Progress progress : late) {
      end(progress, Status.TIMEOUT, progress.current() + " took too long");
    }
    return due;
  }

  /** Gives an operator up; what its steps have done so far stays. */
  public boolean cancel(long regionId, String why) {
    Progress progress = running.get(regionId);
    if (progress != null) {
      end(progress, Status.CANCELLED, why);
    }
    return progress != null;
  }

  public void clear() {
    running.clear();
  }

  private void end(Progress progress, Status status, String note) {
    running.remove(progress.operator().regionId());
    history.addFirst(progress.ended(status, note));
    if (history.size() > HISTORY) {
      history.removeLast();
    }
  }

  /** The operator of a region: running, or else the one that ended last. */
  public Optional<Progress> find(long regionId) {
    Progress progress = running.get(regionId);
    return progress != null
        ? Optional.of(progress)
        : history.stream().filter(old -> old.operator().regionId() == regionId).findFirst();
  }

  public boolean isBusy(long regionId) {
    return running.containsKey(regionId);
  }

  public Collection<Progress> running() {
    return Collections.unmodifiableCollection(running.values());
  }

  /** Newest first. */
  public Collection<Progress> history() {
    return Collections.unmodifiableCollection(history);
  }

  /** How many replicas the steps not yet done will add to a store. */
  public int replicaInfluence(long storeId) {
    int sum = 0;
    for (Progress progress : running.values()) {
      for (OperatorStep step : remaining(progress)) {
        if (step instanceof OperatorStep.AddLearner) {
          sum += ((OperatorStep.AddLearner) step).storeId() == storeId ? 1 : 0;
        } else if (step instanceof OperatorStep.RemovePeer) {
          sum -= ((OperatorStep.RemovePeer) step).storeId() == storeId ? 1 : 0;
        }
      }
    }
    return sum;
  }

  private static List<OperatorStep> remaining(Progress progress) {
    return progress.operator().steps().subList(progress.step(), progress.operator().steps().size());
  }

  /**
   * How many leaders the transfers not yet done will add to a store.
   *
   * @param leaderOf store that leads a region now
   */
  public int leaderInfluence(long storeId, LongUnaryOperator leaderOf) {
    int sum = 0;
    for (Progress progress : running.values()) {
      for (OperatorStep step : remaining(progress)) {
        if (step instanceof OperatorStep.TransferLeader) {
          sum += ((OperatorStep.TransferLeader) step).storeId() == storeId ? 1 : 0;
          sum -= leaderOf.applyAsLong(progress.operator().regionId()) == storeId ? 1 : 0;
        }
      }
    }
    return sum;
  }
}

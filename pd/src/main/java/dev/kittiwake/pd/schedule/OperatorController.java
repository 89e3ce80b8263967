package dev.kittiwake.pd.schedule;

import dev.kittiwake.pd.meta.RegionRecord;
import dev.kittiwake.proto.pdpb.RegionHeartbeatResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The operators at work, at most one per region. The current step goes out with the region's
 * heartbeat, and again every few seconds, until a heartbeat shows its effect. Confined to one
 * thread; time comes in as milliseconds that never go back.
 */
public final class OperatorController {
  private static final long RESEND_FAST_MILLIS = 2_000;
  private static final long RESEND_SLOW_MILLIS = 5_000;
  private static final int HISTORY = 1_000;

  /** How an operator ended, or that it has not. */
  public enum Status {
    RUNNING,
    SUCCESS,
    TIMEOUT,
    CANCELLED,
    REPLACED
  }

  /**
   * An operator and how far it is.
   *
   * @param step index of the current step
   * @param underWay the region shows the current step, not done yet: it counts there already
   * @param note why it ended the way it did
   */
  public record Progress(
      Operator operator,
      Status status,
      int step,
      boolean underWay,
      long startedMillis,
      long stepStartedMillis,
      long sentMillis,
      long endedMillis,
      String note) {
    static Progress start(Operator operator, long nowMillis) {
      return new Progress(
          operator, Status.RUNNING, 0, false, nowMillis, nowMillis, nowMillis, 0, "");
    }

    OperatorStep current() {
      return operator.steps().get(step);
    }

    Progress at(int newStep, long nowMillis) {
      return new Progress(
          operator, status, newStep, false, startedMillis, nowMillis, nowMillis, 0, note);
    }

    Progress seen(boolean isUnderWay, long nowMillis) {
      return new Progress(
          operator, status, step, isUnderWay, startedMillis, stepStartedMillis, nowMillis, 0, note);
    }

    Progress ended(Status how, String why, long nowMillis) {
      return new Progress(
          operator,
          how,
          step,
          underWay,
          startedMillis,
          stepStartedMillis,
          sentMillis,
          nowMillis,
          why);
    }

    private void count(int sign, Influence influence) {
      List<OperatorStep> steps = operator.steps();
      for (int i = underWay ? step + 1 : step; i < steps.size(); i++) {
        steps.get(i).count(operator, sign, influence);
      }
    }

    private boolean isLate(long nowMillis) {
      return nowMillis - stepStartedMillis >= current().timeoutMillis(operator.regionMiB());
    }

    private boolean isDue(long nowMillis) {
      boolean slow = current() instanceof OperatorStep.AddLearner;
      return nowMillis - sentMillis >= (slow ? RESEND_SLOW_MILLIS : RESEND_FAST_MILLIS);
    }
  }

  private final NavigableMap<Long, Progress> running = new TreeMap<>(); // by region
  private final Deque<Progress> history = new ArrayDeque<>(); // newest first
  private final int[] runningOfKind = new int[Operator.Kind.values().length];
  private final Influence influence = new Influence(); // of all that run
  private final StoreLimits limits = new StoreLimits();
  private final SortedMap<String, Long> endedCounts = new TreeMap<>(); // by name and status

  /** Starts an operator; {@link #offer(List, ScheduleConfig, long)}. */
  public Optional<String> offer(Operator operator, ScheduleConfig config, long nowMillis) {
    return offer(List.of(operator), config, nowMillis);
  }

  /**
   * Starts operators that belong together, all or none. One that is more urgent takes the place of
   * the region's present one.
   *
   * @return why not; empty if they are accepted
   */
  public Optional<String> offer(List<Operator> operators, ScheduleConfig config, long nowMillis) {
    for (Operator operator : operators) {
      Optional<String> refused = refusal(operator, config, nowMillis);
      if (refused.isPresent()) {
        return refused;
      }
    }
    for (Operator operator : operators) {
      Progress other = running.get(operator.regionId());
      if (other != null) {
        end(other, Status.REPLACED, "for " + operator.name(), nowMillis);
      }
      put(Progress.start(operator, nowMillis));
      takeTokens(operator, config, nowMillis);
    }
    return Optional.empty();
  }

  private Optional<String> refusal(Operator operator, ScheduleConfig config, long nowMillis) {
    Progress other = running.get(operator.regionId());
    if (other != null && other.operator().priority().compareTo(operator.priority()) >= 0) {
      return Optional.of("region " + operator.regionId() + " has " + other.operator().name());
    }
    int same = runningOfKind[operator.kind().ordinal()];
    if (same >= config.limit(operator.kind())) {
      return Optional.of("limit of " + same + " operators of kind " + operator.kind());
    }
    if (operator.priority().compareTo(Operator.Priority.HIGH) < 0) {
      for (OperatorStep step : operator.steps()) {
        Optional<String> closed = closed(step, config, nowMillis);
        if (closed.isPresent()) {
          return closed;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> closed(OperatorStep step, ScheduleConfig config, long nowMillis) {
    if (step instanceof OperatorStep.AddLearner add
        && !limits.isOpen(add.storeId(), StoreLimits.Direction.ADD, config, nowMillis)) {
      return Optional.of("limit of replicas added to store " + add.storeId());
    }
    if (step instanceof OperatorStep.RemovePeer remove
        && !limits.isOpen(remove.storeId(), StoreLimits.Direction.REMOVE, config, nowMillis)) {
      return Optional.of("limit of replicas taken from store " + remove.storeId());
    }
    return Optional.empty();
  }

  private void takeTokens(Operator operator, ScheduleConfig config, long nowMillis) {
    for (OperatorStep step : operator.steps()) {
      if (step instanceof OperatorStep.AddLearner add) {
        limits.take(
            add.storeId(), StoreLimits.Direction.ADD, operator.regionMiB(), config, nowMillis);
      } else if (step instanceof OperatorStep.RemovePeer remove) {
        limits.take(
            remove.storeId(),
            StoreLimits.Direction.REMOVE,
            operator.regionMiB(),
            config,
            nowMillis);
      }
    }
  }

  private void put(Progress progress) {
    Progress before = running.put(progress.operator().regionId(), progress);
    if (before == null) {
      runningOfKind[progress.operator().kind().ordinal()]++;
    } else {
      before.count(-1, influence);
    }
    progress.count(1, influence);
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
        put(progress.seen(true, nowMillis));
        end(running.get(region.id()), Status.SUCCESS, "", nowMillis);
        return Optional.empty();
      }
      progress = progress.at(progress.step() + 1, nowMillis);
      put(progress);
    }
    Optional<String> obstacle = obstacle(progress, region);
    if (obstacle.isPresent()) {
      end(progress, Status.CANCELLED, obstacle.get(), nowMillis);
      return Optional.empty();
    }
    boolean underWay = progress.current().isUnderWay(region);
    put(progress.seen(underWay, nowMillis));
    return underWay ? Optional.empty() : Optional.of(message(progress, region));
  }

  /**
   * That the region was split or took in a neighbour is none: its replicas are to be where they
   * were to be, and one that splits all the time would never get there. Steps that need its bounds
   * say so.
   */
  private static Optional<String> obstacle(Progress progress, RegionRecord region) {
    Operator operator = progress.operator();
    if (progress.current().changesEpoch()) {
      return progress.current().obstacle(region);
    }
    if (region.confVer() - operator.confVer() > caused(progress, region)) {
      return Optional.of("someone else changed the region's replicas");
    }
    return progress.current().obstacle(region);
  }

  /**
   * How many changes of the configuration version are its own. Of the current step only what the
   * region shows: a change of somebody else's in its place could be a removal too, and two of them
   * where one was wanted.
   */
  private static int caused(Progress progress, RegionRecord region) {
    int begun = progress.current().isUnderWay(region) ? 1 : 0;
    return progress.operator().confVerChanges(progress.step() + begun);
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

  /** Its keys belong to region {@code by} now: if that was the plan, it has succeeded. */
  public void onGone(long regionId, long by, long nowMillis) {
    Progress progress = running.get(regionId);
    if (progress == null) {
      return;
    }
    boolean merged =
        progress.current() instanceof MergeRegion merge
            && !merge.passive()
            && merge.target().getId() == by;
    boolean planned =
        merged
            || progress.current() instanceof SplitAtKeys
            || progress.current() instanceof SplitInHalf;
    end(
        progress,
        planned ? Status.SUCCESS : Status.CANCELLED,
        planned ? "" : "region " + by + " took its keys",
        nowMillis);
  }

  /** Ends what takes too long; answers the regions whose step is due to be sent again. */
  public List<Long> tick(long nowMillis) {
    List<Long> due = new ArrayList<>();
    List<Progress> late = new ArrayList<>();
    for (Progress progress : running.values()) {
      if (progress.isLate(nowMillis)) {
        late.add(progress);
      } else if (progress.isDue(nowMillis)) {
        due.add(progress.operator().regionId());
      }
    }
    for (Progress progress : late) {
      if (running.get(progress.operator().regionId()) == progress) { // not with its partner
        end(progress, Status.TIMEOUT, progress.current() + " took too long", nowMillis);
      }
    }
    return due;
  }

  /** Gives an operator up; what its steps have done so far stays. */
  public boolean cancel(long regionId, String why, long nowMillis) {
    Progress progress = running.get(regionId);
    if (progress != null) {
      end(progress, Status.CANCELLED, why, nowMillis);
    }
    return progress != null;
  }

  public void clear() {
    running.clear();
    influence.clear();
    limits.clear();
    Arrays.fill(runningOfKind, 0);
  }

  private void end(Progress progress, Status status, String note, long nowMillis) {
    long regionId = progress.operator().regionId();
    running.remove(regionId);
    progress.count(-1, influence);
    runningOfKind[progress.operator().kind().ordinal()]--;
    history.addFirst(progress.ended(status, note, nowMillis));
    if (history.size() > HISTORY) {
      history.removeLast();
    }
    endedCounts.merge(progress.operator().name() + " " + status, 1L, Long::sum);
    if (status != Status.SUCCESS) {
      endPartner(progress, nowMillis);
    }
  }

  /** A merge is planned on both sides: one without the other is of no use. */
  private void endPartner(Progress progress, long nowMillis) {
    List<OperatorStep> steps = progress.operator().steps();
    if (steps.get(steps.size() - 1) instanceof MergeRegion merge) {
      long partner = merge.passive() ? merge.sourceId() : merge.target().getId();
      Progress other = running.get(partner);
      if (other != null && other.operator().kind() == Operator.Kind.MERGE) {
        end(other, Status.CANCELLED, "the other side was given up", nowMillis);
      }
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

  /** Whether one more of this kind may run. */
  boolean isBelowLimit(Operator.Kind kind, ScheduleConfig config) {
    return runningOfKind[kind.ordinal()] < config.limit(kind);
  }

  public Collection<Progress> running() {
    return Collections.unmodifiableCollection(running.values());
  }

  /** Those of one kind; costs nothing if there are none. */
  List<Progress> running(Operator.Kind kind) {
    if (runningOfKind[kind.ordinal()] == 0) {
      return List.of();
    }
    return running.values().stream().filter(p -> p.operator().kind() == kind).toList();
  }

  /** Newest first. */
  public Collection<Progress> history() {
    return Collections.unmodifiableCollection(history);
  }

  /** How many operators ended in which way, e.g. under {@code balance-leader SUCCESS}. */
  public SortedMap<String, Long> endedCounts() {
    return Collections.unmodifiableSortedMap(endedCounts);
  }

  public StoreLimits limits() {
    return limits;
  }

  Influence.Delta influence(long storeId) {
    return influence.of(storeId);
  }
}

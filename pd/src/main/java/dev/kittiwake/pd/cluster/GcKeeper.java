package dev.kittiwake.pd.cluster;

import com.google.protobuf.ByteString;
import dev.kittiwake.pd.gc.SafePointPlan;
import dev.kittiwake.pd.meta.AdvanceSafePoint;
import dev.kittiwake.pd.schedule.ScheduleConfig;
import dev.kittiwake.pd.schedule.ScheduleSetting;
import dev.kittiwake.proto.etcdserverpb.RangeRequest;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.mvccpb.KeyValue;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the transaction safe point every now and then, as {@link SafePointPlan} says; barriers stop
 * it. The stores make the way free and move the GC safe point after it. Confined to the loop.
 */
public final class GcKeeper {
  private static final Logger log = LoggerFactory.getLogger(GcKeeper.class);

  /** A new leader does not wait a whole interval: leaders may change more often than that. */
  private static final long FIRST_MILLIS = 60_000;

  private final PdCluster cluster;
  private long dueMillis = -1; // elapsed time; -1: this member has just become the leader
  private boolean underWay;
  private String lastReason = "";

  GcKeeper(PdCluster cluster) {
    this.cluster = cluster;
  }

  void clear() {
    dueMillis = -1;
    lastReason = "";
  }

  /** What bound the safe point when it was last looked at; empty before that. */
  public String lastReason() {
    return lastReason;
  }

  void tick() {
    ScheduleConfig config = cluster.scheduleConfig();
    long now = cluster.elapsedMillis();
    long interval = config.number(ScheduleSetting.GC_RUN_INTERVAL);
    if (!config.is(ScheduleSetting.GC_ENABLE) || !cluster.meta().isBootstrapped() || underWay) {
      return;
    }
    if (dueMillis < 0) {
      dueMillis = now + Math.min(interval, FIRST_MILLIS);
    }
    if (now < dueMillis) {
      return;
    }
    dueMillis = now + interval;
    SafePointPlan plan =
        SafePointPlan.of(
            cluster.believedMillis(),
            config.number(ScheduleSetting.GC_LIFE_TIME),
            cluster.meta().txnSafePoint(),
            registered());
    lastReason = plan.reason();
    if (Timestamp.isAfter(plan.target(), cluster.meta().txnSafePoint())) {
      advance(plan);
    }
  }

  private void advance(SafePointPlan plan) {
    underWay = true;
    cluster
        .propose(new AdvanceSafePoint(true, plan.target(), cluster.believedMillis(), true))
        .whenComplete(
            (outcome, failure) -> {
              underWay = false;
              log.info(
                  "event=safe_point target={} reason=\"{}\" outcome={}",
                  Timestamp.toString(plan.target()),
                  plan.reason(),
                  failure == null ? outcome : failure.toString());
            });
  }

  private Map<String, String> registered() {
    ByteString prefix = ByteString.copyFromUtf8(SafePointPlan.OLDEST_TRANSACTIONS);
    byte[] end = prefix.toByteArray();
    end[end.length - 1]++; // a slash: no carry
    Map<String, String> found = new TreeMap<>();
    for (KeyValue record :
        cluster
            .meta()
            .kv()
            .range(
                RangeRequest.newBuilder()
                    .setKey(prefix)
                    .setRangeEnd(ByteString.copyFrom(end))
                    .build())
            .getKvsList()) {
      found.put(record.getKey().toStringUtf8(), record.getValue().toStringUtf8());
    }
    return found;
  }
}

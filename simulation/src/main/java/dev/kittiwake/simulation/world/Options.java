package dev.kittiwake.simulation.world;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import dev.kittiwake.kv.RequestSide;
import dev.kittiwake.pd.PdConfig;
import java.time.Duration;

/**
 * What a simulated cluster is made of.
 *
 * @param stores how many
 * @param pds members of the placement driver
 * @param kv settings of every store
 * @param pd settings of every member
 * @param client settings of every client
 * @param limits of waiting, in every store
 */
public record Options(
    int stores, int pds, KvConfig kv, PdConfig pd, ClientConfig client, RequestSide.Limits limits) {
  /** Three stores and one member with the times of production, and small logs. */
  public static final Options STANDARD =
      new Options(
          3,
          1,
          KvConfig.standard()
              .with(KvSetting.LISTEN, "127.0.0.1:0")
              .with(KvSetting.STATUS, "")
              .with(KvSetting.WAL_SEGMENT, "64KiB")
              .with(KvSetting.WAL_SEGMENTS, "8")
              .with(KvSetting.WAL_CACHE, "1MiB")
              .with(KvSetting.SNAPSHOT_CHUNK, "4KiB")
              .with(KvSetting.REGION_HEARTBEAT, "5s")
              .with(KvSetting.STORE_HEARTBEAT, "3s")
              .with(KvSetting.PEER_DOWN, "1m")
              .with(KvSetting.STALE_CHECK, "30s")
              .with(KvSetting.RESOLVED_TS_INTERVAL, "0s")
              .with(KvSetting.LOG_GC_COUNT_LIMIT, "1000"),
          PdConfig.inMemory(),
          ClientConfig.DEFAULT
              .withRequestTimeout(Duration.ofSeconds(5))
              .withTransactions(
                  ClientConfig.TransactionConfig.DEFAULT.withLockTimes(3_000, 6_000, 2_000)),
          RequestSide.Limits.DEFAULT);

  /** For a person: what is not as in {@link #STANDARD}. */
  public String differences() {
    StringBuilder text = new StringBuilder("settings:");
    for (KvSetting setting : KvSetting.values()) {
      String value = kv.text(setting);
      if (!value.equals(STANDARD.kv.text(setting))) {
        text.append(' ').append(setting.label()).append('=').append(value);
      }
    }
    text.append(' ').append(pd.settings());
    if (!pd.timing().equals(STANDARD.pd.timing())) {
      text.append(' ').append(pd.timing());
    }
    if (!client.equals(STANDARD.client)) {
      text.append(' ').append(client);
    }
    if (!limits.equals(STANDARD.limits)) {
      text.append(' ').append(limits);
    }
    return text.toString();
  }

  public Options withStores(int count) {
    return new Options(count, pds, kv, pd, client, limits);
  }

  public Options withPds(int count) {
    return new Options(stores, count, kv, pd, client, limits);
  }

  public Options with(KvSetting setting, String value) {
    return new Options(stores, pds, kv.with(setting, value), pd, client, limits);
  }

  public Options with(ClientConfig config) {
    return new Options(stores, pds, kv, pd, config, limits);
  }

  public Options with(PdConfig.Timing timing) {
    return new Options(stores, pds, kv, pd.withTiming(timing), client, limits);
  }

  public Options with(RequestSide.Limits waiting) {
    return new Options(stores, pds, kv, pd, client, waiting);
  }

  /** With a setting of the placement driver's schedulers, e.g. {@code max-replicas}. */
  public Options withPdSetting(String name, String value) {
    return new Options(stores, pds, kv, pd.withSetting(name, value), client, limits);
  }
}

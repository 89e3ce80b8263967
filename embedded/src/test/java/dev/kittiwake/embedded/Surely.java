package dev.kittiwake.embedded;

import dev.kittiwake.client.ClientConfig;
import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.UndeterminedException;
import dev.kittiwake.kv.KvConfig;
import dev.kittiwake.kv.KvSetting;
import java.time.Duration;

/** For stories in which leaders die, or the machine stalls, before an answer has come. */
final class Surely {
  /** As patient as the tests. */
  static final ClientConfig PATIENT =
      ClientConfig.DEFAULT
          .withPdBudget(Duration.ofMinutes(2))
          .withBudgets(Duration.ofMinutes(2), Duration.ofMinutes(2));

  /** Leaders are given up only if they are silent for long: threads of a busy machine may be. */
  static final KvConfig STEADY = KvConfig.fastTest().with(KvSetting.RAFT_ELECTION_TICKS, "60");

  private Surely() {}

  /**
   * Puts a pair, once more if nobody knows whether it was put. The key must have no other value at
   * any time: the first copy may yet arrive.
   */
  static void put(ClusterClient client, byte[] key, byte[] value) {
    while (true) {
      try {
        client.raw().put(key, value);
        return;
      } catch (UndeterminedException nobodyKnows) {
        continue; // the same again changes nothing
      }
    }
  }
}

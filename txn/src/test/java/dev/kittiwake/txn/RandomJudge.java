package dev.kittiwake.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import dev.kittiwake.proto.key.VersionedKey;
import dev.kittiwake.txn.command.Mutation;
import dev.kittiwake.txn.command.MutationType;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges a world at rest by the plainest model there is: each transaction has one commit timestamp
 * or none, and a read at {@code ts} sees exactly the writes of those committed at or below it.
 */
final class RandomJudge {
  private final RandomWorld world;
  private final Map<Long, Map<Key, Long>> commits = new HashMap<>(); // start → key → commit

  RandomJudge(RandomWorld world) {
    this.world = world;
  }

  void judge() {
    assertTrue(world.store.family(ColumnFamily.LOCK).isEmpty(), "a lock was left behind");
    assertEquals(0, world.memory.size(), "a lock was left in memory");
    collect();
    // Computed commit timestamps may meet those of others, on other keys: a list, not a map.
    List<RandomClient> committed = new ArrayList<>();
    for (RandomClient client : world.clients) {
      long commitTs = atomicCommit(client);
      if (commitTs != 0) {
        committed.add(client);
        client.commitTs = commitTs;
      }
    }
    committed.sort((a, b) -> Timestamp.compare(a.commitTs, b.commitTs));
    world.clients.forEach(client -> readsAreOfOneInstant(client, committed));
    committed.forEach(client -> nothingOverwrittenUnseen(client, committed));
  }

  private void collect() {
    world
        .store
        .family(ColumnFamily.WRITE)
        .forEach(
            (stored, bytes) -> {
              Write write = Write.parse(bytes);
              if (write.type() != WriteType.ROLLBACK) {
                commits
                    .computeIfAbsent(write.startTs(), ts -> new TreeMap<>())
                    .put(
                        VersionedKey.userKey(stored.unsafeBytes()),
                        VersionedKey.timestamp(stored.unsafeBytes()));
              }
            });
  }

  /** The transaction's one commit timestamp, 0 if it has none. */
  private long atomicCommit(RandomClient client) {
    Map<Key, Long> mine = new TreeMap<>(commits.getOrDefault(client.startTs, Map.of()));
    String who = "T" + client.name;
    if (client.fate == RandomClient.Fate.ROLLED_BACK) {
      assertTrue(mine.isEmpty(), who + " was rolled back but has committed " + mine);
    }
    if (mine.isEmpty()) {
      assertTrue(
          client.fate != RandomClient.Fate.COMMITTED, who + " was committed, nothing is there");
      return 0;
    }
    long commitTs = mine.values().iterator().next();
    for (Key key : client.writes.keySet()) {
      assertEquals(commitTs, mine.get(key), who + " lost a write or has two commit timestamps");
    }
    if (client.fate == RandomClient.Fate.COMMITTED) {
      assertEquals(client.commitTs, commitTs, who + " was told another commit timestamp");
    }
    return commitTs;
  }

  private void readsAreOfOneInstant(RandomClient reader, List<RandomClient> committed) {
    reader.reads.forEach(
        (key, seen) -> {
          byte[] expected = null;
          for (RandomClient writer : committed) {
            Mutation write = writer.writes.get(key);
            if (write != null
                && write.type() != MutationType.LOCK
                && !Timestamp.isAfter(writer.commitTs, reader.startTs)) {
              expected = write.value();
            }
          }
          assertArrayEquals(
              expected, seen, "T" + reader.name + " read of " + RandomClient.name(key));
        });
  }

  /** First committer wins: between what a writer knew and its commit nobody else committed. */
  private void nothingOverwrittenUnseen(RandomClient writer, List<RandomClient> committed) {
    committed.forEach(
        other -> {
          boolean between =
              Timestamp.isAfter(other.commitTs, writer.conflictsFrom())
                  && !Timestamp.isAfter(other.commitTs, writer.commitTs);
          if (other != writer && between) {
            for (Key key : writer.writes.keySet()) {
              assertTrue(
                  !other.writes.containsKey(key),
                  () ->
                      "lost update of T"
                          + other.name
                          + " by T"
                          + writer.name
                          + " on "
                          + RandomClient.name(key));
            }
          }
        });
  }
}

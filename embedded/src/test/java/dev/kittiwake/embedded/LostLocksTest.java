package dev.kittiwake.embedded;

import static dev.kittiwake.embedded.ListeningCluster.bytes;
import static dev.kittiwake.embedded.ListeningCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.error.TransactionConflictException;
import dev.kittiwake.client.txn.LockOptions;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pessimistic locks go with the leader that kept them; what was read under them must not. */
@Timeout(300)
class LostLocksTest {
  private static final TransactionOptions PESSIMISTIC = TransactionOptions.pessimistic();

  @Test
  void whoOnlyReadForUpdateLearnsAtCommitThatHisLockWasLost() {
    try (ListeningCluster cluster = ListeningCluster.still();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      write(client, "1");
      Transaction reader = client.transactions().begin(PESSIMISTIC);
      assertEquals("1", lock(reader, "x"));
      cluster.kill(cluster.leadingTxn("x"));
      write(client, "2"); // x and y: the reader's lock does not keep this out any more
      assertEquals("2", lock(reader, "y"));
      assertThrows(
          TransactionConflictException.class, reader::commit, "x of old and y of new are not one");
    }
  }

  @Test
  void whoseLocksAreStillThereCommits() {
    try (ListeningCluster cluster = ListeningCluster.still();
        ClusterClient client = cluster.connect(Surely.PATIENT)) {
      write(client, "1");
      Transaction reader = client.transactions().begin(PESSIMISTIC);
      assertEquals("1", lock(reader, "x"));
      assertEquals("1", lock(reader, "y"));
      reader.commit();
      write(client, "2"); // nothing is left locked
      assertEquals("2", text(client.transactions().latestSnapshot().get(bytes("x"))));
    }
  }

  private static String lock(Transaction transaction, String key) {
    return text(transaction.lock(List.of(Key.of(key)), LockOptions.VALUES).value(Key.of(key)));
  }

  private static void write(ClusterClient client, String value) {
    client
        .transactions()
        .run(
            PESSIMISTIC,
            transaction -> {
              transaction.put(bytes("x"), bytes(value));
              transaction.put(bytes("y"), bytes(value));
              return null;
            });
  }
}

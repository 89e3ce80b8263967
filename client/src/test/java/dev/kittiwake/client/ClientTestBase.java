package dev.kittiwake.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.client.fake.FakeCluster;
import dev.kittiwake.client.txn.Scan;
import dev.kittiwake.client.txn.Transaction;
import dev.kittiwake.client.txn.TransactionClient;
import dev.kittiwake.client.txn.TransactionOptions;
import dev.kittiwake.proto.key.Key;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** A fake cluster, a client of it, and words for keys and values. */
public abstract class ClientTestBase {
  /** As patient as the tests: no stall of the machine uses up what a request may take. */
  protected static final ClientConfig PATIENT =
      ClientConfig.DEFAULT
          .withPdBudget(Duration.ofMinutes(2))
          .withBudgets(Duration.ofMinutes(2), Duration.ofMinutes(2));

  protected final FakeCluster cluster = new FakeCluster();
  protected final ClusterClient client = cluster.client(PATIENT);
  protected final TransactionClient transactions = client.transactions();

  @AfterEach
  void closeAll() {
    cluster.fault = FakeCluster.Fault.NONE;
    client.close();
    cluster.close();
  }

  protected static byte[] b(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  protected static String s(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  protected static Key k(String text) {
    return Key.of(text);
  }

  protected static TransactionOptions plain(TransactionOptions options) {
    return options.withAsyncCommit(false).withOnePhaseCommit(false);
  }

  protected Transaction pessimistic() {
    return transactions.begin(TransactionOptions.pessimistic());
  }

  protected Transaction optimistic() {
    return transactions.begin(TransactionOptions.optimistic());
  }

  /** Commits {@code key=value} for each pair. */
  protected void given(String... pairs) {
    transactions.run(
        transaction -> {
          for (String pair : pairs) {
            int at = pair.indexOf('=');
            transaction.put(b(pair.substring(0, at)), b(pair.substring(at + 1)));
          }
          return null;
        });
    until("locks are gone", () -> cluster.locks() == 0);
  }

  protected String read(String key) {
    return s(transactions.latestSnapshot().get(b(key)));
  }

  /** The rest of a scan as {@code key=value} words. */
  protected static String rest(Scan scan) {
    StringBuilder text = new StringBuilder();
    while (scan.next()) {
      text.append(text.length() == 0 ? "" : " ")
          .append(s(scan.key()))
          .append('=')
          .append(s(scan.value()));
    }
    return text.toString();
  }

  protected static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "still not so after two minutes: " + what);
      Thread.onSpinWait();
    }
  }
}

package dev.kittiwake.embedded;

import java.util.ArrayList;
import java.util.List;
import org.tikv.common.BytePairWrapper;
import org.tikv.common.ByteWrapper;
import org.tikv.common.TiSession;
import org.tikv.common.util.BackOffer;
import org.tikv.common.util.ConcreteBackOffer;
import org.tikv.txn.TwoPhaseCommitter;

/** A transaction of the published client, step by step. The first key written is the primary. */
final class PublishedTransaction implements AutoCloseable {
  private final TiSession session;
  private final long startTs;
  private final TwoPhaseCommitter committer;
  private final List<BytePairWrapper> pairs = new ArrayList<>();
  private int budgetMillis = 20_000;

  PublishedTransaction(TiSession session, long ttlMillis) {
    this.session = session;
    this.startTs = session.getTimestamp().getVersion();
    this.committer = new TwoPhaseCommitter(session, startTs, ttlMillis);
  }

  static void commit(TiSession session, String... pairs) throws Exception {
    try (PublishedTransaction transaction = new PublishedTransaction(session, 20_000)) {
      transaction.write(pairs).prewrite();
      long commitTs = transaction.now();
      transaction.commitPrimary(commitTs);
      transaction.commitSecondaries(commitTs);
    }
  }

  long startTs() {
    return startTs;
  }

  long now() {
    return session.getTimestamp().getVersion();
  }

  /** Adds {@code key=value} words. */
  PublishedTransaction write(String... words) {
    for (String word : words) {
      int at = word.indexOf('=');
      pairs.add(
          new BytePairWrapper(
              ListeningCluster.bytes(word.substring(0, at)),
              ListeningCluster.bytes(word.substring(at + 1))));
    }
    return this;
  }

  /** How long each step is tried; the client repeats even what was refused for good. */
  PublishedTransaction within(int millis) {
    budgetMillis = millis;
    return this;
  }

  void prewrite() {
    committer.prewritePrimaryKey(budget(), primary(), pairs.get(0).getValue());
    if (pairs.size() > 1) {
      committer.prewriteSecondaryKeys(
          primary(), pairs.subList(1, pairs.size()).iterator(), budgetMillis);
    }
  }

  void commitPrimary(long commitTs) {
    committer.commitPrimaryKey(budget(), primary(), commitTs);
  }

  void commitSecondaries(long commitTs) {
    if (pairs.size() > 1) {
      committer.commitSecondaryKeys(
          pairs.stream().skip(1).map(pair -> new ByteWrapper(pair.getKey())).iterator(),
          commitTs,
          budgetMillis);
    }
  }

  private byte[] primary() {
    return pairs.get(0).getKey();
  }

  private BackOffer budget() {
    return ConcreteBackOffer.newCustomBackOff(budgetMillis);
  }

  @Override
  public void close() throws Exception {
    committer.close();
  }
}

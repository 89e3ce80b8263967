package dev.kittiwake.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import dev.kittiwake.proto.key.MemComparable;
import dev.kittiwake.txn.command.Command;
import dev.kittiwake.txn.command.CommandContext;
import dev.kittiwake.txn.command.Commit;
import dev.kittiwake.txn.command.CommitShortcut;
import dev.kittiwake.txn.command.LockTarget;
import dev.kittiwake.txn.command.Mutation;
import dev.kittiwake.txn.command.MutationType;
import dev.kittiwake.txn.command.Outcome;
import dev.kittiwake.txn.command.PessimisticLock;
import dev.kittiwake.txn.command.Prewrite;
import dev.kittiwake.txn.command.ResolveRegion;
import dev.kittiwake.txn.command.TxnHeader;
import dev.kittiwake.txn.command.WakeUpMode;
import dev.kittiwake.txn.mvcc.ColumnFamily;
import dev.kittiwake.txn.mvcc.Isolation;
import dev.kittiwake.txn.mvcc.ReadView;
import dev.kittiwake.txn.mvcc.Write;
import dev.kittiwake.txn.mvcc.WriteSet;
import dev.kittiwake.txn.mvcc.WriteType;
import dev.kittiwake.txn.read.PointReader;
import dev.kittiwake.txn.wait.InMemoryLocks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often the engine is asked: the price of a request. */
class CostTest {
  private static final Key A = Key.of("a");
  private final MemoryStore store = new MemoryStore();
  private final CommandContext context = new CommandContext(new InMemoryLocks(), true);

  @Test
  void aPointReadIsOneGetAndOneSeek() {
    put(A, 10, 20);
    try (PointReader reader = new PointReader(store.snapshot(), ReadView.at(100))) {
      assertEquals(20, reader.get(A).commitTs());
    }
    assertEquals("1 gets, 1 seeks, 0 steps", cost());
  }

  @Test
  void aReadCommittedPointReadNeedsNoGet() {
    put(A, 10, 20);
    ReadView view = new ReadView(100, Isolation.READ_COMMITTED, new long[0], new long[0], false);
    try (PointReader reader = new PointReader(store.snapshot(), view)) {
      assertEquals(20, reader.get(A).commitTs());
    }
    assertEquals("0 gets, 1 seeks, 0 steps", cost());
  }

  @Test
  void aPrewriteIsOneGetAndOneSeekAKeyAndACommitOneGet() {
    put(A, 10, 20);
    TxnHeader txn = new TxnHeader(A, 30, 0, 1, 1, 0);
    Mutation mutation = new Mutation(MutationType.PUT, A, new byte[] {1});
    run(new Prewrite(txn, List.of(mutation), CommitShortcut.NONE));
    assertEquals("1 gets, 1 seeks, 0 steps", cost());
    run(new Commit(List.of(A), 30, 40));
    assertEquals("2 gets, 1 seeks, 0 steps", cost());
  }

  @Test
  void aPessimisticLockWithItsValueIsOneGetAndOneSeek() {
    put(A, 10, 20);
    TxnHeader txn = new TxnHeader(A, 30, 30, 1, 1, 0);
    run(
        new PessimisticLock(
            txn,
            List.of(new LockTarget(A, false)),
            true,
            0,
            true,
            false,
            false,
            WakeUpMode.NORMAL));
    assertEquals("1 gets, 1 seeks, 0 steps", cost());
  }

  /** More locks than fit into one write: several writes, one answer, all resolved. */
  @Test
  void aRegionIsResolvedInChunks() {
    List<Mutation> mutations = new ArrayList<>();
    for (int i = 0; i < 2 * ResolveRegion.CHUNK + 10; i++) {
      mutations.add(new Mutation(MutationType.PUT, Key.of("k" + i), new byte[] {1}));
    }
    TxnHeader txn = new TxnHeader(Key.of("k0"), 30, 0, 1, 1, 0);
    run(new Prewrite(txn, mutations, CommitShortcut.NONE));
    int writes = run(ResolveRegion.of(KeyRange.ALL, 30, 40));
    assertEquals(3, writes);
    assertTrue(store.family(ColumnFamily.LOCK).isEmpty());
    assertEquals(mutations.size(), store.family(ColumnFamily.WRITE).size());
  }

  private String cost() {
    return store.gets + " gets, " + store.seeks + " seeks, " + store.steps + " steps";
  }

  private void put(Key key, long startTs, long commitTs) {
    WriteSet writes = new WriteSet();
    writes.putWrite(
        MemComparable.encode(key),
        commitTs,
        Write.committed(WriteType.PUT, startTs, new byte[] {1}));
    store.apply(writes);
  }

  /** Runs a command to its end; returns the number of writes it took. */
  private int run(Command<?> command) {
    int writes = 0;
    Command<?> next = command;
    while (next != null) {
      Outcome<?> outcome = next.execute(store.snapshot(), context);
      next = null;
      if (outcome instanceof Outcome.Replicate<?> replicate) {
        store.apply(replicate.writes());
        replicate.hold().close();
        next = replicate.next();
        writes++;
      } else if (outcome instanceof Outcome.Continue<?> goOn) {
        next = goOn.next();
      }
    }
    return writes;
  }
}

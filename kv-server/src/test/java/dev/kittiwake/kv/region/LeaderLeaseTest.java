package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When a lease is granted, and what holds it back. */
class LeaderLeaseTest {
  private static final long LENGTH = 100;

  private final LeaderLease lease = new LeaderLease(LENGTH);

  @Test
  void whatWasProposedBeforeTheLeaderBeganHoldsTheLeaseBack() {
    lease.suspendUntil(12); // the leader of term 3 knows of 10 entries that it has to apply first
    lease.begin(3, false);
    lease.onApplied(10);
    lease.renew(1_000);
    assertFalse(lease.covers(3, 1_001));
    lease.onApplied(12);
    lease.renew(1_000);
    assertTrue(lease.covers(3, 1_001));
    assertFalse(lease.covers(3, 1_000 + LENGTH));
  }

  @Test
  void whatWasProposedInAnEarlierTermIsAppliedOrGoneByTheNext() {
    lease.begin(3, false);
    lease.suspendUntil(12);
    lease.end();
    lease.begin(5, false);
    lease.onApplied(11); // another leader's entry took the place of the other one
    lease.renew(1_000);
    assertTrue(lease.covers(5, 1_001));
  }

  @Test
  void aRegionThatIsBeingMergedHasNoLeaseUntilThatIsTakenBack() {
    lease.begin(3, true);
    lease.onApplied(Long.MAX_VALUE - 1);
    lease.renew(1_000);
    assertFalse(lease.covers(3, 1_001));
    lease.resume();
    lease.renew(1_000);
    assertTrue(lease.covers(3, 1_001));
  }
}

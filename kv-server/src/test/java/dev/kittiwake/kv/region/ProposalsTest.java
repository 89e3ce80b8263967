package dev.kittiwake.kv.region;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kittiwake.proto.errorpb.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProposalsTest {
  private final Proposals proposals = new Proposals();
  private final List<String> told = new ArrayList<>();

  private void propose(long index, long term) {
    CompletableFuture<Error> answer = new CompletableFuture<>();
    answer.thenAccept(error -> told.add(index + "@" + term));
    proposals.add(new Pending.Command(index, term, answer));
  }

  private String takenUpTo(long index) {
    return String.join(
        " ",
        proposals.takeUpTo(index).stream().map(each -> each.index() + "@" + each.term()).toList());
  }

  /**
   * The lead was lost and came back before the proposers of the old one were told that they may
   * have failed: those of the new one must not wait behind them.
   */
  @Test
  void whoLeadsAgainProposesWhereItHasProposedBefore() {
    for (long index = 84; index <= 89; index++) {
      propose(index, 12);
    }
    proposals.onLeaderLost(100, 20);
    propose(86, 14);
    propose(87, 14);
    assertEquals("84@12", takenUpTo(84));
    assertEquals("85@12 86@12 86@14", takenUpTo(86));

    proposals.onTick(120, 14, 1);
    assertEquals(List.of("87@12", "88@12", "89@12"), told);
    assertEquals("87@14", takenUpTo(90));
    assertTrue(proposals.isEmpty());
  }
}

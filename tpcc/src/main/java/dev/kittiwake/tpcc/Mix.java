package dev.kittiwake.tpcc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Chooses the next transaction by dealing from a shuffled deck of one hundred cards (clause
 * 5.2.4.2), so that the minimum shares of clause 5.2.3 hold exactly after every hundred. Owned by
 * one terminal.
 */
final class Mix {
  private final TpccRandom random;
  private final Deque<TransactionType> deck = new ArrayDeque<>();

  Mix(TpccRandom random) {
    this.random = random;
  }

  TransactionType next() {
    if (deck.isEmpty()) {
      List<TransactionType> cards = new ArrayList<>(100);
      for (TransactionType type : TransactionType.values()) {
        for (int i = 0; i < type.cards(); i++) {
          cards.add(type);
        }
      }
      random.shuffle(cards);
      deck.addAll(cards);
    }
    return deck.pop();
  }
}

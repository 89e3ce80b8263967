package dev.kittiwake.tpcc;

import java.time.Duration;

/**
 * The five business transactions, their share of the mix, and their terminal's pace (clause 5.2.5,
 * table 5.2.5.7).
 */
public enum TransactionType {
  NEW_ORDER("New-Order", 45, 18, 12, false),
  PAYMENT("Payment", 43, 3, 12, false),
  ORDER_STATUS("Order-Status", 4, 2, 10, true),
  DELIVERY("Delivery", 4, 2, 5, false),
  STOCK_LEVEL("Stock-Level", 4, 2, 5, true);

  private final String title;
  private final int cards;
  private final int keyingSeconds;
  private final int thinkSeconds;
  private final boolean readOnly;

  TransactionType(String title, int cards, int keyingSeconds, int thinkSeconds, boolean readOnly) {
    this.title = title;
    this.cards = cards;
    this.keyingSeconds = keyingSeconds;
    this.thinkSeconds = thinkSeconds;
    this.readOnly = readOnly;
  }

  /** As the specification writes it. */
  public String title() {
    return title;
  }

  /** Cards of this type in a deck of one hundred. */
  int cards() {
    return cards;
  }

  Duration keyingTime() {
    return Duration.ofSeconds(keyingSeconds);
  }

  Duration meanThinkTime() {
    return Duration.ofSeconds(thinkSeconds);
  }

  /** Whether a lost answer to its commit is harmless. */
  boolean readOnly() {
    return readOnly;
  }
}

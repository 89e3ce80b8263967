package dev.kittiwake.simulation.world;

/**
 * Something that must never happen, and did.
 *
 * @param atNanos virtual time
 * @param rule its short name
 * @param cause null if nothing was thrown
 */
public record Violation(long atNanos, String rule, String detail, Throwable cause) {
  @Override
  public String toString() {
    return rule + " at " + atNanos / 1_000_000 + " ms: " + detail;
  }
}

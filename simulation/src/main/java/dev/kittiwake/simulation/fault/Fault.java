package dev.kittiwake.simulation.fault;

/**
 * Something that goes wrong at a moment.
 *
 * @param atMillis since the beginning of chaos
 * @param target number of the store, member, client or machine that it is about
 * @param other number of the other side, where there is one
 * @param millis how long it lasts, or until what was stopped is started again
 * @param amount what the kind says
 */
public record Fault(
    long atMillis, FaultKind kind, int target, int other, long millis, long amount) {
  @Override
  public String toString() {
    return atMillis
        + " ms "
        + kind
        + " target="
        + target
        + " other="
        + other
        + " for="
        + millis
        + "ms amount="
        + amount;
  }
}

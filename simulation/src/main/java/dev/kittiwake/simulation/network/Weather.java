package dev.kittiwake.simulation.network;

/**
 * How the network is, as probabilities and times.
 *
 * @param minDelayNanos of every message
 * @param meanDelayNanos on top, exponentially distributed
 * @param tail probability of a delay drawn up to {@code tailNanos}
 * @param loss probability that a message is lost
 * @param repeat probability that a message arrives twice
 * @param reorder probability that a raft message may overtake others
 */
public record Weather(
    long minDelayNanos,
    long meanDelayNanos,
    double tail,
    long tailNanos,
    double loss,
    double repeat,
    double reorder) {
  /** A local network on a good day. */
  public static final Weather FAIR = new Weather(100_000, 200_000, 0, 0, 0, 0, 0);
}

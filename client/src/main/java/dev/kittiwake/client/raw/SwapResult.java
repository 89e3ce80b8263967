package dev.kittiwake.client.raw;

/**
 * The outcome of a compare-and-swap.
 *
 * @param previous the value that was found; null if absent
 */
public record SwapResult(boolean swapped, byte[] previous) {}

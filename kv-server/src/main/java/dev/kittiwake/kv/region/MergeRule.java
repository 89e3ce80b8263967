package dev.kittiwake.kv.region;

/**
 * When a region may be merged.
 *
 * @param maxLogGap entries that a peer may lack
 */
public record MergeRule(int maxLogGap) {}

package dev.kittiwake.kv.region;

/**
 * How far a replica is with its log; for those who wait until a store has caught up.
 *
 * @param commit highest index it knows to be committed
 * @param applied highest index whose effect is in its data
 */
public record RegionProgress(long regionId, boolean leads, long term, long commit, long applied) {}

package dev.kittiwake.kv.resolved;

/**
 * A leader's word that no entry after {@code index} of the region's log commits anything at or
 * below {@code ts}. True for good, whoever leads later.
 *
 * @param version of the region's epoch: the promise is about the keys that the region had then
 */
public record Promise(long regionId, long version, long index, long ts) {}

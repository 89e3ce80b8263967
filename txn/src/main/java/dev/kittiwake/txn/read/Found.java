package dev.kittiwake.txn.read;

/**
 * A value that a read sees.
 *
 * @param commitTs when it was committed; 0 if it was read through a lock known to be committed
 */
public record Found(byte[] value, long commitTs) {}

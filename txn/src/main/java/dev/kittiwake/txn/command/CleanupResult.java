package dev.kittiwake.txn.command;

/**
 * @param commitTs non-zero: the transaction had committed and was left alone
 */
public record CleanupResult(long commitTs) {}

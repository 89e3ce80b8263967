package dev.kittiwake.txn.command;

/** The timestamp at which the keys are committed. */
public record CommitResult(long commitTs) {}

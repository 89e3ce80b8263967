package dev.kittiwake.txn.command;

/** The timestamp at which the keys are committed; not the one asked for if that was done before. */
public record CommitResult(long commitTs) {}

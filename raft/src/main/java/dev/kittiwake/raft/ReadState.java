package dev.kittiwake.raft;

/** The read {@code requestId} is linearizable once everything up to {@code index} is applied. */
public record ReadState(long requestId, long index) {}

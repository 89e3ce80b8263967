package dev.kittiwake.txn.command;

/** The lock's life after the beat. */
public record TxnHeartBeatResult(long ttlMillis) {}

package dev.kittiwake.txn.mvcc;

/** A record of the write family and the timestamp it stands at. */
public record Version(long commitTs, Write write) {}

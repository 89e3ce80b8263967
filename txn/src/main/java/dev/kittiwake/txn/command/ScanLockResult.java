package dev.kittiwake.txn.command;

import dev.kittiwake.txn.mvcc.LockedKey;
import java.util.List;

/** The locks found, in key order. */
public record ScanLockResult(List<LockedKey> locks) {}

package dev.kittiwake.txn.command;

import java.util.List;

/**
 * @param minCommitTs async commit only: the commit timestamp is at least this; 0 = two phases
 * @param onePhaseCommitTs one-phase commit only: the transaction is committed at it; else 0
 * @param locked all locks in the way; nothing was written then
 */
public record PrewriteResult(
    long minCommitTs, long onePhaseCommitTs, List<KeyError.Locked> locked) {}

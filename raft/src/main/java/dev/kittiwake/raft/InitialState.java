package dev.kittiwake.raft;

/**
 * What a replica starts from.
 *
 * @param hardState as stored
 * @param applied last entry applied by the state machine; in the log, or its start
 * @param membership the members at {@code applied}
 * @param fresh this replica has never run, so it cannot have supported a leader it does not
 *     remember
 */
public record InitialState(
    HardState hardState, LogPosition applied, Membership membership, boolean fresh) {}

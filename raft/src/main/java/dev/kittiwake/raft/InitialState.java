package dev.kittiwake.raft;

/**
 * What a replica starts from.
 *
 * @param hardState as stored
 * @param applied last entry applied by the state machine; in the log, or its start
 * @param membership the members at {@code applied}
 * @param fresh this replica has never run, so it cannot have supported a leader it does not
 *     remember
 * @param durable no power cut can take {@code hardState} back. What a replica before this one voted
 *     may still be on its way to the disk; then nothing is answered on the strength of it
 */
public record InitialState(
    HardState hardState,
    LogPosition applied,
    Membership membership,
    boolean fresh,
    boolean durable) {}

/**
 * One member of the placement driver: its replica of the log and of the state.
 *
 * <p>{@link dev.kittiwake.pd.replica.PdReplica} joins a raft driver and {@link
 * dev.kittiwake.pd.meta.ClusterMeta}. {@link dev.kittiwake.pd.replica.PdStorage} is what it keeps:
 * a log and now and then a snapshot of the whole state, on disk or in memory.
 */
package dev.kittiwake.pd.replica;

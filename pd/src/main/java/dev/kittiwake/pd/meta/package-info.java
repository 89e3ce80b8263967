/**
 * What the placement driver knows for good: the replicated state machine and the region tree.
 *
 * <p>{@link dev.kittiwake.pd.meta.ClusterMeta} is a function of the log: every {@link
 * dev.kittiwake.pd.meta.MetaCommand} changes it in the same way on every member and answers an
 * {@link dev.kittiwake.pd.meta.Outcome}. One command is one record in one file. Commands that
 * depend on time carry the proposer's time.
 *
 * <p>{@link dev.kittiwake.pd.meta.RegionTree} is what the leader learns from region heartbeats: an
 * interval tree by start key, with the staleness rule that keeps it from oscillating. It lives in
 * memory; only epochs and peers go through the log.
 */
package dev.kittiwake.pd.meta;

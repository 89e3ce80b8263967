/**
 * The placement driver: who is in the cluster, where each key lives, what time it is, and where
 * replicas belong.
 *
 * <p>{@link dev.kittiwake.pd.PdServer} wires one member; {@link dev.kittiwake.pd.PdConfig} is its
 * configuration. What must survive is in {@link dev.kittiwake.pd.meta} and goes through consensus
 * ({@link dev.kittiwake.pd.replica}); members talk over {@link dev.kittiwake.pd.peer}; what the
 * leader learns from heartbeats is in {@link dev.kittiwake.pd.cluster}; timestamps are in {@link
 * dev.kittiwake.pd.tso}, decisions in {@link dev.kittiwake.pd.schedule}, and everything that
 * clients see in {@link dev.kittiwake.pd.api}.
 */
package dev.kittiwake.pd;

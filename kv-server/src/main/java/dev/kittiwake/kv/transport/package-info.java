/**
 * Between stores: raft messages in envelopes ({@link dev.kittiwake.kv.transport.Envelope}) and
 * snapshots as checksummed blocks ({@link dev.kittiwake.kv.transport.SnapshotStream}). {@link
 * dev.kittiwake.kv.transport.RaftTransport} is the port; {@link
 * dev.kittiwake.kv.transport.GrpcRaftTransport} carries both over gRPC, {@link
 * dev.kittiwake.kv.transport.LocalRaftTransport} hands the objects over within one JVM.
 */
package dev.kittiwake.kv.transport;

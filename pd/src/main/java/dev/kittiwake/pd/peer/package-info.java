/**
 * How members of one placement driver reach each other: envelopes with a version, the cluster and
 * the sender in them. {@link dev.kittiwake.pd.peer.PeerOutbox} is the port; over the network it is
 * {@link dev.kittiwake.pd.peer.GrpcPeers}, in a simulation whatever the simulator brings.
 */
package dev.kittiwake.pd.peer;

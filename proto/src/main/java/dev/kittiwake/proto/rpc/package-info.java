/**
 * Every remote call of the cluster by name: {@link dev.kittiwake.proto.rpc.KvMethod} for stores,
 * {@link dev.kittiwake.proto.rpc.PdMethod} for the placement driver. {@link
 * dev.kittiwake.proto.rpc.KvEndpoint} and {@link dev.kittiwake.proto.rpc.PdEndpoint} are the two
 * services as Java interfaces: a gRPC adapter, a call within the JVM and the simulator's network
 * all look the same from either side.
 */
package dev.kittiwake.proto.rpc;

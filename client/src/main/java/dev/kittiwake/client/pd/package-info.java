/**
 * The client of the placement driver: finds the leader among its members, retries within a budget,
 * turns errors in response headers into exceptions, and hands out timestamps in batches.
 *
 * <p>{@link dev.kittiwake.client.pd.PdClient} is what the rest of the system sees; {@link
 * dev.kittiwake.client.pd.EndpointPdClient} works over any {@link
 * dev.kittiwake.proto.rpc.PdEndpoint}: {@link dev.kittiwake.client.pd.GrpcPdEndpoint} or the server
 * object itself inside one JVM.
 */
package dev.kittiwake.client.pd;

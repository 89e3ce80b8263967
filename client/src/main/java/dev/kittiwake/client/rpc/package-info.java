/**
 * How requests reach stores. {@link dev.kittiwake.client.rpc.KvRpc} turns an address into a {@link
 * dev.kittiwake.proto.rpc.KvEndpoint}: over gRPC ({@code GrpcKvRpc}, many requests per message on a
 * few long-lived streams) or inside this JVM without any serialisation ({@link
 * dev.kittiwake.client.rpc.LocalKvRpc}). Nothing here retries.
 */
package dev.kittiwake.client.rpc;

/**
 * The client of a cluster: {@link dev.kittiwake.client.ClusterClient} connects and gives access to
 * the raw and the transactional API.
 *
 * <p>Underneath everything is asynchronous ({@code CompletableFuture}); blocking façades wait in
 * one place, {@link dev.kittiwake.client.Await}. A request travels: façade, {@code RegionRouter}
 * (which region, retries, one budget), {@code KvRpc} (how to reach the store). Where an answer is
 * there at once, as from a store in the same JVM, no thread changes hands. Time, chance and threads
 * come in by {@link dev.kittiwake.client.ClientRuntime}.
 */
package dev.kittiwake.client;

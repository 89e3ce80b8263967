/**
 * The store as a whole. {@link dev.kittiwake.kv.KvServer} makes threads, files and sockets around a
 * {@link dev.kittiwake.kv.StoreNode}, which has none of its own and joins a cluster on whatever it
 * is given; {@link dev.kittiwake.kv.KvConfig} is its configuration; {@link
 * dev.kittiwake.kv.RequestSide} is what stands between its edge and its regions.
 */
package dev.kittiwake.kv;

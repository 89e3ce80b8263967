/**
 * The store as a whole. {@link dev.kittiwake.kv.StoreNode} joins a cluster on whatever it is given
 * and has no thread, file or socket of its own; {@link dev.kittiwake.kv.KvServer} makes them around
 * it; {@link dev.kittiwake.kv.RequestSide} is what stands between its edge and its regions; {@link
 * dev.kittiwake.kv.StoreProcess} puts all of it into one process. {@link dev.kittiwake.kv.KvConfig}
 * is the configuration, {@link dev.kittiwake.kv.KvSetting} every setting with unit, default and
 * limits.
 */
package dev.kittiwake.kv;

/**
 * Where a store keeps its data: four ordered families of bytes behind the port {@link
 * dev.kittiwake.kv.engine.Engine}, with atomic batches ({@link
 * dev.kittiwake.kv.engine.WriteBatch}), snapshots ({@link dev.kittiwake.kv.engine.EngineSnapshot})
 * and cursors. Two implementations pass one contract test: {@link
 * dev.kittiwake.kv.engine.RocksEngine} on disk and {@link dev.kittiwake.kv.engine.MemoryEngine},
 * which can forget what was not made durable.
 *
 * <p>Writes are not durable by themselves: the raft log is the truth and replay starts at the
 * applied index that lies in the same batch as the data. {@code syncLog} makes all earlier writes
 * durable; the raft log may be compacted only up to there.
 */
package dev.kittiwake.kv.engine;

package dev.kittiwake.kv.region;

import dev.kittiwake.kv.engine.Engine;
import dev.kittiwake.kv.transport.RaftTransport;
import dev.kittiwake.raft.wal.Wal;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a {@link Store} is made of. Wiring decides which executors share a thread; all of them may
 * run tasks directly or be one and the same.
 *
 * @param loop lends its thread to the store loop
 * @param apply applies committed entries
 * @param background slow work: syncing the engine, cleaning up
 * @param nanos elapsed time, for leases
 * @param random draws election timeouts
 * @param fatal told once if the store cannot go on (its disk failed); it must be stopped then
 */
public record StoreParts(
    long clusterId,
    long storeId,
    Engine engine,
    Wal wal,
    RaftTransport transport,
    Placement placement,
    StoreSettings settings,
    Executor loop,
    Executor apply,
    Executor background,
    LongSupplier nanos,
    RandomGenerator random,
    Consumer<Throwable> fatal) {}

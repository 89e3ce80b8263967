package dev.kittiwake.kv;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a store runs on. Wiring decides which of these share a thread; a simulation gives one
 * executor for all.
 *
 * @param loop raft and scheduling
 * @param apply committed entries
 * @param background slow work: syncing the engine, snapshots, reports
 * @param timer short tasks only
 * @param nanos elapsed time
 * @param clock the wall clock, for reports
 */
public record StoreRuntime(
    Executor loop,
    Executor apply,
    Executor background,
    ScheduledExecutorService timer,
    LongSupplier nanos,
    InstantSource clock,
    RandomGenerator random) {}

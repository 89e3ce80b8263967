package dev.kittiwake.pd.cluster;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Time, chance and the one thread of a member.
 *
 * @param loop runs tasks one at a time, in order
 * @param clock the wall clock; only timestamps and expiry times look at it
 * @param nanos elapsed time
 */
public record PdRuntime(
    ScheduledExecutorService loop,
    InstantSource clock,
    LongSupplier nanos,
    RandomGenerator random) {}

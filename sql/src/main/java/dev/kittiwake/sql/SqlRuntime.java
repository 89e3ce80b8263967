package dev.kittiwake.sql;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Time and threads that an engine uses.
 *
 * @param clock for CURRENT_TIMESTAMP
 * @param nanos elapsed time for deadlines
 * @param background runs the warm-up
 * @param zone of CURRENT_TIMESTAMP
 */
public record SqlRuntime(
    InstantSource clock, LongSupplier nanos, Executor background, ZoneId zone) {}

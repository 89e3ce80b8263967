package dev.kittiwake.sql;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Time and threads that an engine uses.
 *
 * @param clock for CURRENT_TIMESTAMP
 * @param nanos elapsed time for deadlines
 * @param background runs the warm-up
 * @param pauseMillis waits so long; between the steps of a schema change
 * @param zone of CURRENT_TIMESTAMP
 */
public record SqlRuntime(
    InstantSource clock,
    LongSupplier nanos,
    Executor background,
    LongConsumer pauseMillis,
    ZoneId zone) {}

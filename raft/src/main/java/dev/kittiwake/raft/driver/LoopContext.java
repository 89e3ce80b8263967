package dev.kittiwake.raft.driver;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a driver gets from the loop it lives on.
 *
 * @param loop runs tasks on the loop's thread, in order
 * @param nanos elapsed time, only for stamping rounds
 * @param random for election timeouts
 */
public record LoopContext(Executor loop, LongSupplier nanos, RandomGenerator random) {
  public LoopContext {
    Objects.requireNonNull(loop, "loop");
    Objects.requireNonNull(nanos, "nanos");
    Objects.requireNonNull(random, "random");
  }
}

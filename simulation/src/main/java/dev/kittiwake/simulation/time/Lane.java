package dev.kittiwake.simulation.time;

import java.util.concurrent.Executor;

/** Threads of one life of a machine, as an executor. */
public final class Lane implements Executor {
  private final Machine machine;
  private final int life;
  private final String role;
  private final boolean inOrder;
  private long last; // when the task queued last will run
  private long extraNanos; // before each task: slow work

  Lane(Machine machine, String role, boolean inOrder) {
    this.machine = machine;
    this.life = machine.life();
    this.role = role;
    this.inOrder = inOrder;
  }

  @Override
  public void execute(Runnable task) {
    executeAfter(0, task);
  }

  /** Runs {@code task} after so much true time, and its turn. */
  public void executeAfter(long nanos, Runnable task) {
    if (!machine.isRunning() || machine.life() != life) {
      return;
    }
    long at = machine.time().now() + nanos + machine.jitter();
    if (inOrder) {
      at = Math.max(at, last);
      last = at;
    }
    machine.time().add(at, machine, role, task);
  }
}

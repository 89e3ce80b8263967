package dev.kittiwake.cli.chaos.process;

import java.io.IOException;

/**
 * A process of the cluster did not do what it was told: a broken promise, not a fault of the rig.
 */
public final class ProcessFailure extends IOException {
  private static final long serialVersionUID = 1L;

  ProcessFailure(String message, Throwable cause) {
    super(message, cause);
  }
}

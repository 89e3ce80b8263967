package dev.kittiwake.cli.chaos.workload;

/** The action certainly had no effect, for a reason of its own. */
final class NothingDone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NothingDone(String reason) {
    super(reason, null, false, false);
  }
}

package dev.kittiwake.txn.command;

/**
 * A command's refusal: an expected answer, not a failure. Has no stack trace. Thrown inside {@code
 * txn} only and caught in one place by whoever runs the command.
 */
public final class TxnRejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient KeyError reason;

  public TxnRejected(KeyError reason) {
    super(null, null, false, false);
    this.reason = reason;
  }

  public KeyError reason() {
    return reason;
  }

  @Override
  public String getMessage() {
    return reason.message();
  }
}

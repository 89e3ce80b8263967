package dev.kittiwake.client.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** The transport failed before the request left: it certainly had no effect. */
public final class NotSentException extends StatusRuntimeException {
  private static final long serialVersionUID = 1L;

  public NotSentException(Status status) {
    super(status);
  }
}

package dev.kittiwake.client.error;

/** The placement driver refused a call; carries the type that the protocol names. */
public class PdException extends KvException {
  private static final long serialVersionUID = 1L;

  private final dev.kittiwake.proto.pdpb.ErrorType type;

  public PdException(dev.kittiwake.proto.pdpb.ErrorType type, String message) {
    super(message);
    this.type = type;
  }

  /** The reason, e.g. {@code ALREADY_BOOTSTRAPPED}. */
  public dev.kittiwake.proto.pdpb.ErrorType type() {
    return type;
  }
}

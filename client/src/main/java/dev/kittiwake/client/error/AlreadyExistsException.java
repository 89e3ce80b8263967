package dev.kittiwake.client.error;

/** A key that had to be absent exists. */
public class AlreadyExistsException extends KvException {
  private static final long serialVersionUID = 1L;

  private final transient dev.kittiwake.proto.key.Key key;

  public AlreadyExistsException(dev.kittiwake.proto.key.Key key) {
    super("key " + key + " already exists");
    this.key = key;
  }

  /** The user key that exists. */
  public dev.kittiwake.proto.key.Key key() {
    return key;
  }
}

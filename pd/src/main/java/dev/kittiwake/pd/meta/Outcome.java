package dev.kittiwake.pd.meta;

import dev.kittiwake.proto.etcdserverpb.TxnResponse;
import dev.kittiwake.proto.pdpb.ErrorType;

/** What a command did, the same on every member. */
public sealed interface Outcome {
  /** Done; {@code value} is the command's answer (an id, a safe point), 0 if it has none. */
  record Done(long value, String note) implements Outcome {
    public Done(long value) {
      this(value, "");
    }
  }

  /** Nothing was changed; travels to the caller in the header of the response. */
  record Refused(ErrorType type, String message) implements Outcome {}

  /** The answer of a key-value transaction. */
  record Answered(TxnResponse response) implements Outcome {}
}

package dev.kittiwake.pd.api;

import dev.kittiwake.pd.meta.Outcome;
import dev.kittiwake.proto.etcdserverpb.TxnResponse;
import dev.kittiwake.proto.pdpb.Error;
import dev.kittiwake.proto.pdpb.ErrorType;

/** A refusal that travels in the header of the response. */
final class PdRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorType type;

  PdRefused(ErrorType type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  /** The answer of a command, or its refusal. */
  static Outcome.Done done(Outcome outcome) {
    if (outcome instanceof Outcome.Refused) {
      Outcome.Refused refused = (Outcome.Refused) outcome;
      throw new PdRefused(refused.type(), refused.message());
    }
    return (Outcome.Done) outcome;
  }

  /** The answer of a key-value transaction, or its refusal. */
  static TxnResponse answered(Outcome outcome) {
    if (outcome instanceof Outcome.Refused) {
      Outcome.Refused refused = (Outcome.Refused) outcome;
      throw new PdRefused(refused.type(), refused.message());
    }
    return ((Outcome.Answered) outcome).response();
  }

  Error error() {
    return Error.newBuilder().setType(type).setMessage(getMessage()).build();
  }
}

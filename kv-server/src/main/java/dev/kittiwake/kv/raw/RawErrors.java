package dev.kittiwake.kv.raw;

import dev.kittiwake.proto.kvrpcpb.KeyError;
import dev.kittiwake.proto.kvrpcpb.KvPair;

/** Refusals of calls whose response has no error string of its own. */
final class RawErrors {
  private RawErrors() {}

  /** A pair that carries the refusal, as batch reads of the protocol do. */
  static KvPair pair(String message) {
    return KvPair.newBuilder().setError(KeyError.newBuilder().setAbort(message)).build();
  }
}

package dev.kittiwake.kv.api.txn;

import dev.kittiwake.txn.command.Assertion;

/** The protocol's assertions about existing values, as commands know them. */
final class Assertions {
  private Assertions() {}

  static Assertion of(dev.kittiwake.proto.kvrpcpb.Assertion assertion) {
    switch (assertion) {
      case Exist:
        return Assertion.EXIST;
      case NotExist:
        return Assertion.NOT_EXIST;
      default:
        return Assertion.NONE;
    }
  }
}

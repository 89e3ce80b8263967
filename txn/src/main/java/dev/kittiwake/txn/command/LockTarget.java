package dev.kittiwake.txn.command;

import dev.kittiwake.proto.key.Key;

/**
 * A key to be locked pessimistically.
 *
 * @param shouldNotExist refuse with {@link KeyError.AlreadyExists} if the key has a value
 */
public record LockTarget(Key key, boolean shouldNotExist) {}

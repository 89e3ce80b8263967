package dev.kittiwake.txn.read;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.txn.command.KeyError;

/**
 * A row of a batch get or scan: a value, or why the key could not be read.
 *
 * @param value empty in key-only scans; null if and only if there is an error
 * @param commitTs when the value was committed; 0 if read through a lock known to be committed
 * @param error null if the key was read
 */
public record Row(Key key, byte[] value, long commitTs, KeyError error) {}

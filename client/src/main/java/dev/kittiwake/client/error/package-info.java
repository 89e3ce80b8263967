/**
 * What can go wrong for a caller of the client, one class per reason. All are unchecked and extend
 * {@link dev.kittiwake.client.error.KvException}; each message is one line with the facts. Keys
 * appear in hexadecimal form only.
 *
 * <p>Three outcomes are kept apart: a failure that changed nothing, {@link
 * dev.kittiwake.client.error.UndeterminedException} (a commit whose answer was lost: it may or may
 * not have happened), and success.
 */
package dev.kittiwake.client.error;

/**
 * The transactional calls, one per file: each builds its command or read from the request, and its
 * response from the answer.
 *
 * <p>Requests carry user keys; regions are bounded by encoded ones ({@link
 * dev.kittiwake.kv.api.txn.UserKeys}). How a key error looks in the protocol is written down in
 * {@link dev.kittiwake.kv.api.txn.KeyErrors} alone.
 */
package dev.kittiwake.kv.api.txn;

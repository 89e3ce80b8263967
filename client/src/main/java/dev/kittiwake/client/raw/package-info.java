/**
 * Plain keys and values without transactions: {@link dev.kittiwake.client.raw.RawClient}. Each
 * operation on one key is atomic and linearizable; operations on many keys are not atomic. Raw keys
 * and transactional keys are different spaces: use a cluster for one or the other.
 */
package dev.kittiwake.client.raw;

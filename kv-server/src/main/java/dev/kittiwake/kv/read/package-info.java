/**
 * How a reading request gets at the data of its region: {@link dev.kittiwake.kv.read.RegionReads}.
 * Single keys are read on the calling thread under the leader's lease, a few keys on the thread
 * that has the snapshot, many on an executor for scans.
 *
 * <p>The calls themselves are in {@code raw} and {@code api.txn}. Those of the transactional API
 * first raise the store's largest read timestamp, then look at the locks in memory, then read here,
 * as asynchronous commit needs it. Where a follower serves them, its leader does the first two, as
 * part of the question for a read index ({@link dev.kittiwake.kv.region.ReadGuard}).
 */
package dev.kittiwake.kv.read;

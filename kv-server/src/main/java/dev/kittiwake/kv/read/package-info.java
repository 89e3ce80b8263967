/**
 * Reads: how a request gets at the data of its region ({@link dev.kittiwake.kv.read.RegionReads}),
 * and snapshot reads of the transactional API, one handler per call.
 *
 * <p>A snapshot read keeps the order of {@code Percolator} with asynchronous commit: first the
 * store's largest read timestamp is raised, then the locks in memory are looked at, then the data
 * is read.
 */
package dev.kittiwake.kv.read;

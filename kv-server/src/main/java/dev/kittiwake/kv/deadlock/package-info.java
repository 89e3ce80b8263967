/**
 * Deadlock detection over all stores. One store is the detector: the leader of the region that
 * holds the empty key. The others report their waits to it ({@link
 * dev.kittiwake.kv.deadlock.DeadlockClient}), over gRPC or within the JVM. Its graph lives in
 * memory only: after a change of the detector, waits that go on are reported again when they are
 * next looked at.
 */
package dev.kittiwake.kv.deadlock;

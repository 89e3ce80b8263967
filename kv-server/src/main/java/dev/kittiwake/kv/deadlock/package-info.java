/**
 * Deadlock detection over all stores. One store is the detector: the leader of the region that
 * holds the empty key. The others report their waits to it ({@link
 * dev.kittiwake.kv.deadlock.DeadlockClient}), over gRPC or within the JVM. Its graph lives in
 * memory only ({@link dev.kittiwake.kv.deadlock.Detector}): after a change of the detector a wait
 * is reported again when its command is executed again, at the latest when the client repeats it
 * after the limit of the wait.
 */
package dev.kittiwake.kv.deadlock;

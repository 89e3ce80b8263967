/**
 * Garbage collection without a SQL server. The placement driver says up to where nobody reads any
 * more (the transaction safe point). The store that leads the first region removes what locks are
 * left below it, over the whole cluster, and tells the placement driver ({@link
 * dev.kittiwake.kv.gc.GcLeader}); that moves the GC safe point. Every store then deletes, for
 * itself, what no read can see ({@link dev.kittiwake.kv.gc.GcTask}).
 */
package dev.kittiwake.kv.gc;

/**
 * How far garbage may be collected, decided without a SQL server.
 *
 * <p>{@link dev.kittiwake.pd.gc.SafePointPlan} computes where the transaction safe point may go: as
 * old as versions must live, not beyond the oldest transaction that a server has registered;
 * barriers stop it on the way. Below it no transaction may start to read. Stores remove the locks
 * below it and move the GC safe point after it.
 */
package dev.kittiwake.pd.gc;

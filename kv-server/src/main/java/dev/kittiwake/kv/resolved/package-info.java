/**
 * Up to which timestamp a region's data is complete, so that any replica may serve it without
 * asking anybody. Pure: {@link dev.kittiwake.kv.resolved.OpenLocks} follows a region's locks,
 * {@link dev.kittiwake.kv.resolved.SafeTimes} remembers what leaders have promised. Who leads
 * computes the promises ({@code region.Resolving}).
 */
package dev.kittiwake.kv.resolved;

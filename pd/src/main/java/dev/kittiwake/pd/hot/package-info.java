/**
 * How much is read and written where, from the regions' heartbeats.
 *
 * <p>{@link dev.kittiwake.pd.hot.HotStatistics} smooths what each region reports and adds it up for
 * the stores by where its replicas stand now: a region that moves takes its heat along at once, so
 * that a move is not followed by a second one while averages catch up. Reads count for the leader's
 * store, writes for the stores of all replicas, and once more for the leader's.
 */
package dev.kittiwake.pd.hot;

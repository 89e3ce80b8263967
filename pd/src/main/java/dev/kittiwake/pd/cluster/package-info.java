/**
 * What the leading member does all day: {@link dev.kittiwake.pd.cluster.PdCluster} takes heartbeats
 * in, keeps the region tree, hands out ids and timestamps, and lets schedulers work. Everything
 * here is confined to one loop, except taking a timestamp ({@link
 * dev.kittiwake.pd.cluster.TimestampService#timestamps}).
 */
package dev.kittiwake.pd.cluster;

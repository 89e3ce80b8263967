/**
 * What a store does beside serving: it joins the cluster ({@link
 * dev.kittiwake.kv.background.Bootstrap}), and talks to the placement driver ({@link
 * dev.kittiwake.kv.background.PdPlacement}, {@link dev.kittiwake.kv.background.StoreHeartbeat}).
 */
package dev.kittiwake.kv.background;

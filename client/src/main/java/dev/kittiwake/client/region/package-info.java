/**
 * Where keys live. {@link dev.kittiwake.client.region.RegionCache} remembers regions by stored key,
 * {@link dev.kittiwake.client.region.RegionRouter} sends requests there and is the only place that
 * retries, within the one {@link dev.kittiwake.client.region.Backoff} budget of a request. Raw keys
 * are stored as they are, transactional keys in memory-comparable form: callers pass stored keys.
 */
package dev.kittiwake.client.region;

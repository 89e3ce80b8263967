package dev.kittiwake.client.region;

import java.util.List;

/** The items of a request that went to one region, and its response. */
public record Part<K, R>(CachedRegion region, List<K> items, R response) {}

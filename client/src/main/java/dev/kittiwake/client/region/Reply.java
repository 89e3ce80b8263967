package dev.kittiwake.client.region;

/** A response without region error, and the region that gave it. */
public record Reply<R>(CachedRegion region, R response) {}

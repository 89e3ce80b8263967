package dev.kittiwake.tpcc;

import java.time.Duration;

/** What a load wrote, and how long it took. */
public record LoadResult(int warehouses, long rows, Duration elapsed) {}

package dev.kittiwake.sql.plan;

/**
 * One column to sort by. Without NULLS FIRST or LAST, NULL is smaller than any value: first
 * ascending, last descending.
 */
public record SortKey(int column, boolean descending, boolean nullsFirst) {}

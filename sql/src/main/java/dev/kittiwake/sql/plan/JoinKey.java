package dev.kittiwake.sql.plan;

/**
 * One pair of columns that must be equal.
 *
 * @param left column of the left row
 * @param right column of the right row (counted from the right row's start)
 * @param nullsMatch whether NULL equals NULL here ({@code IS NOT DISTINCT FROM})
 */
public record JoinKey(int left, int right, boolean nullsMatch) {}

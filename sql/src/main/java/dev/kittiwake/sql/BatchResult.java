package dev.kittiwake.sql;

/**
 * @param updateCounts rows changed, one count for each row of parameters
 * @param generatedKeys never null; empty unless asked for
 */
public record BatchResult(long[] updateCounts, GeneratedKeys generatedKeys) {}

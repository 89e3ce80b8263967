package dev.kittiwake.sql.row;

/**
 * @param id index id within the table
 * @param columns positions of the indexed columns within the table, in key order
 */
public record IndexLayout(long id, boolean unique, int[] columns) {}

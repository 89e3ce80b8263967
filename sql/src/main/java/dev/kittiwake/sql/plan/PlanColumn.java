package dev.kittiwake.sql.plan;

import dev.kittiwake.sql.catalog.SqlType;

/** One column of the rows that a plan node yields. */
public record PlanColumn(String name, SqlType type, boolean nullable) {}

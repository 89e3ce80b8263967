/**
 * SQL over the key-value store: what a driver or a service needs of it.
 *
 * <p>A {@link dev.kittiwake.sql.SqlEngine} serves one cluster and opens {@link
 * dev.kittiwake.sql.SqlSession}s; a session is one connection and has at most one open transaction.
 * The JDBC driver speaks to this interface only, so that a session may live in the same JVM or
 * behind the SQL service. Every failure is a {@link dev.kittiwake.sql.SqlError} with a SQLState.
 *
 * <p>Values in rows and parameters are plain Java: {@code Integer} (INT), {@code Long} (BIGINT),
 * {@code Short} (SMALLINT, TINYINT), {@code BigDecimal}, {@code String} (CHAR, VARCHAR, TEXT),
 * {@code byte[]} (VARBINARY), {@code LocalDate}, {@code LocalTime}, {@code LocalDateTime}, {@code
 * Double}, {@code Float}, {@code Boolean}, {@code null}.
 */
package dev.kittiwake.sql;

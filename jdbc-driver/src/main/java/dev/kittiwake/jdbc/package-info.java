/**
 * JDBC 4.3 over a SQL session, written by hand.
 *
 * <p>{@link dev.kittiwake.jdbc.KittiwakeDriver} reads the URL ({@code KittiwakeUrl}) and decides
 * where sessions come from ({@code SourceOpener}): an embedded cluster, an engine of this JVM over
 * a cluster, or a remote SQL service. Everything above that line is the same: a connection is one
 * {@link dev.kittiwake.sql.SqlSession}, a statement turns values of {@code java.sql} and {@code
 * java.time} into the session's plain Java values and back ({@code Conversions}), and every failure
 * becomes the fitting subclass of {@link java.sql.SQLException} in one file ({@code
 * SQLExceptions}).
 *
 * <p>What tools call between statements ({@code isValid}, {@code setAutoCommit}, {@code setSchema},
 * {@code setNetworkTimeout}, {@code prepareStatement}, {@code close}) is local: no round trip.
 */
package dev.kittiwake.jdbc;

/**
 * SQL sessions over gRPC, both ends.
 *
 * <p>{@link dev.kittiwake.sql.service.SqlServer} offers the sessions of a {@link
 * dev.kittiwake.sql.SessionSource} on a port; {@link dev.kittiwake.sql.service.RemoteSource} is a
 * source whose sessions live in such a server. One session is one bidirectional stream ({@code
 * kittiwake_sql.proto}), so that a call costs one message each way and the session ends with its
 * connection. Settings travel with the next call; rows come in frames under credit, two frames
 * ahead of the reader at most; cancelling is a second call that carries the session's random token.
 *
 * <p>A stream that breaks is 08006, or 08007 if a commit may have been under way: the client cannot
 * know then whether it happened.
 */
package dev.kittiwake.sql.service;

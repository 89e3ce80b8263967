/**
 * The edge of a store: what arrives over gRPC or from within the JVM becomes commands, reads and
 * raw operations, and their results become protobuf again.
 *
 * <p>{@link dev.kittiwake.kv.api.KvApi} finds the {@link dev.kittiwake.kv.api.KvHandler} of a
 * {@link dev.kittiwake.proto.rpc.KvMethod}; each handler is one file. {@link
 * dev.kittiwake.kv.api.TikvGrpcService} serves the same endpoint over gRPC, one call at a time or
 * many in a {@link dev.kittiwake.kv.api.BatchCommandsCall batch stream}. Errors of keys become
 * protobuf in {@link dev.kittiwake.kv.api.txn.KeyErrors} alone; region errors are protobuf where
 * they arise, and failures that have no place in a response become a gRPC status in {@link
 * dev.kittiwake.kv.api.TikvGrpcService}.
 */
package dev.kittiwake.kv.api;

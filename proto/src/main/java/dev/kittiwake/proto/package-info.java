/**
 * The contract of the cluster: generated messages and services (sub-packages named after their
 * proto package), {@link dev.kittiwake.proto.rpc the method tables} that name every call once, and
 * {@link dev.kittiwake.proto.key the codecs} of keys and timestamps. Nothing here does I/O.
 */
package dev.kittiwake.proto;

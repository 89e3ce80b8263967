/**
 * The contract of the cluster: generated messages and services (one sub-package for each proto
 * file's package), {@link dev.kittiwake.proto.rpc the method tables} that name every call once, and
 * {@link dev.kittiwake.proto.key the codecs} of keys and timestamps. Nothing here does I/O. {@link
 * dev.kittiwake.proto.Wiring} marks the few classes of all modules that may make threads and read
 * clocks.
 */
package dev.kittiwake.proto;

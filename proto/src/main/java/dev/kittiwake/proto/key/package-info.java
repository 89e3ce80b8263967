/**
 * Keys, key ranges and timestamps, and how they become bytes that sort right.
 *
 * <p>A transactional user key is stored {@link dev.kittiwake.proto.key.MemComparable encoded}; its
 * versions append an inverted {@link dev.kittiwake.proto.key.Timestamp} ({@link
 * dev.kittiwake.proto.key.VersionedKey}), so that the newest version comes first. All byte formats
 * are TiKV's.
 */
package dev.kittiwake.proto.key;

/**
 * The write-ahead log: one append-only log for all groups of a process. One writer, one gathering
 * write and one force for each round, whatever the number of groups.
 *
 * <p>The log is a row of segments: files of fixed size, written with zeros once and reused from
 * then on, so that a force changes no metadata (an fsync that grows a file costs twice one that
 * does not). A record carries a CRC-32C over its place (segment sequence, life, offset) and its
 * bytes, so a record of a segment's earlier use never passes for a live one. Main types: {@link
 * dev.kittiwake.raft.wal.Wal}, {@link dev.kittiwake.raft.wal.WalDirectory}, {@link
 * dev.kittiwake.raft.wal.WalFile}.
 *
 * <p>Each record states its group's hard state and start, so the newest record of a group is enough
 * to know it; old segments are released from the front, and live entries of a group that does not
 * move on are copied to the newest.
 */
package dev.kittiwake.raft.wal;

/**
 * The shell of one group: {@link dev.kittiwake.raft.driver.RaftDriver} carries out what {@link
 * dev.kittiwake.raft.RaftNode} decides, on three ports: {@link dev.kittiwake.raft.driver.LogStore},
 * {@link dev.kittiwake.raft.driver.StateMachine} and {@link dev.kittiwake.raft.driver.Outbox}.
 *
 * <p>A driver is confined to the thread of its loop. A round of the loop is: deliver all inputs
 * (messages, ticks, proposals), then {@code pump()} the groups that had any.
 */
package dev.kittiwake.raft.driver;

/**
 * A cluster of separate processes that can be harmed: {@link
 * dev.kittiwake.cli.chaos.process.ProcessCluster} is one placement driver and some stores, each a
 * {@link dev.kittiwake.cli.chaos.process.RoleProcess}. {@link
 * dev.kittiwake.cli.chaos.host.Watchdog} sees to it that none outlives us.
 */
package dev.kittiwake.cli.chaos.process;

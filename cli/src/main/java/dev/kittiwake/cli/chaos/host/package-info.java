/**
 * Programs of the host: {@link dev.kittiwake.cli.chaos.host.Shell} runs one and waits, the {@link
 * dev.kittiwake.cli.chaos.host.Watchdog} cleans up behind us even if we are killed.
 */
package dev.kittiwake.cli.chaos.host;

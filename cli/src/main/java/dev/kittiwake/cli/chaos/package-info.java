/**
 * Chaos on real processes: {@link dev.kittiwake.cli.chaos.ChaosCommand} starts a cluster of
 * separate JVMs, lets clients work on it, breaks it by a schedule drawn from a seed, and says
 * whether everything that was promised still holds.
 *
 * <p>{@link dev.kittiwake.cli.chaos.ChaosRun} is the order of events. What can be broken stands in
 * {@code fault}, what clients do in {@code workload}, the processes in {@code process}, and what is
 * shown at the end in {@code report}.
 */
package dev.kittiwake.cli.chaos;

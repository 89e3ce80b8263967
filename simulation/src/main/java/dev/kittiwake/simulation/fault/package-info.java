/**
 * What goes wrong. {@link dev.kittiwake.simulation.fault.Intensities} are drawn per seed; from them
 * comes a {@link dev.kittiwake.simulation.fault.FaultSchedule}, a list of {@link
 * dev.kittiwake.simulation.fault.Fault faults} as values, which can be printed and dropped one by
 * one; {@link dev.kittiwake.simulation.fault.Stage} carries them out.
 */
package dev.kittiwake.simulation.fault;

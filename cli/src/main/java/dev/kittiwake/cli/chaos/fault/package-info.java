/**
 * What can be done to a cluster. A {@link dev.kittiwake.cli.chaos.fault.Fault} is a value, one file
 * for each kind; the {@link dev.kittiwake.cli.chaos.fault.Planner} draws a schedule of them from a
 * seed and does nothing else; each fault says for itself how it is carried out in an {@link
 * dev.kittiwake.cli.chaos.fault.Arena} and takes its harm back before it returns.
 */
package dev.kittiwake.cli.chaos.fault;

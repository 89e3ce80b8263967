/**
 * Time as a number. {@link dev.kittiwake.simulation.time.VirtualTime} is one queue of events;
 * {@link dev.kittiwake.simulation.time.Machine} is what can crash, pause and drift; its {@link
 * dev.kittiwake.simulation.time.Lane lanes} are the threads of production, and {@link
 * dev.kittiwake.simulation.time.Fiber fibers} are callers that wait: threads of which exactly one
 * runs, as {@link dev.kittiwake.simulation.time.Baton} decides.
 */
package dev.kittiwake.simulation.time;

/**
 * What must hold at every moment, checked while a world runs: {@link
 * dev.kittiwake.simulation.invariant.Invariants} looks at it from outside, between events.
 */
package dev.kittiwake.simulation.invariant;

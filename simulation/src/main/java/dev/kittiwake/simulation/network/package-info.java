/**
 * Messages between machines, encoded and decoded for real. {@link
 * dev.kittiwake.simulation.network.SimNetwork} delays, loses, repeats, reorders, cuts one way and
 * clogs; {@link dev.kittiwake.simulation.network.SimCalls} makes calls with answers of it, as gRPC
 * would: a lost answer is an error or silence until a deadline.
 */
package dev.kittiwake.simulation.network;

/**
 * The production code put together on virtual time. {@link dev.kittiwake.simulation.world.World} is
 * a cluster: {@link dev.kittiwake.simulation.world.SimPd members of the placement driver}, {@link
 * dev.kittiwake.simulation.world.SimStore stores} and {@link
 * dev.kittiwake.simulation.world.SimClient clients}, each on a machine of its own.
 */
package dev.kittiwake.simulation.world;

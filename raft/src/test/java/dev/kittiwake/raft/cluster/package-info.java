/** A group of real drivers on a simulated disk, network and clock, for the tests of this module. */
package dev.kittiwake.raft.cluster;

/**
 * What clients do meanwhile, recorded as a history. Each {@link
 * dev.kittiwake.simulation.workload.Deed} is one kind of operation, carried out by the production
 * client; {@link dev.kittiwake.simulation.workload.Crowd} lets many processes do one after another,
 * and dies with the machines they run on.
 */
package dev.kittiwake.simulation.workload;

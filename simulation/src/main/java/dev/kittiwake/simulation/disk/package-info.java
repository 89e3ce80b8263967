/**
 * Disks that behave as disks may: {@link dev.kittiwake.simulation.disk.SimDisk} forgets what was
 * not synced when the power fails, tears writes at sectors, fails once or for ever, is slow, hangs,
 * and is full.
 */
package dev.kittiwake.simulation.disk;

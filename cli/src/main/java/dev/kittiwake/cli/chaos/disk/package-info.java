/**
 * The disks of the stores: plain directories, or small file systems of their own on loop devices
 * ({@link dev.kittiwake.cli.chaos.disk.LoopDisk}), whose power can be cut and which can be filled
 * up. Slow and failing syncs come from strace ({@link dev.kittiwake.cli.chaos.disk.SyncTrouble}).
 */
package dev.kittiwake.cli.chaos.disk;

package dev.kittiwake.cli.chaos.process;

import dev.kittiwake.cli.chaos.disk.LoopDisk;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One member of the cluster: its process, where it keeps its data and how others reach it.
 *
 * @param address what it advertises
 * @param statusAddress where a store shows its pages; empty for the placement driver
 * @param disk a file system of its own, if it has one
 * @param clock a file that shifts its wall clock, if its clock can be shifted
 */
public record Node(
    String name,
    RoleProcess process,
    String address,
    String statusAddress,
    Path data,
    Optional<LoopDisk> disk,
    Optional<Path> clock) {}

/**
 * What a run leaves behind: {@link dev.kittiwake.cli.chaos.report.ResultJson} for programs, {@link
 * dev.kittiwake.cli.chaos.report.Timeline} for people.
 */
package dev.kittiwake.cli.chaos.report;

/**
 * What clients do meanwhile, and what they were told. {@link
 * dev.kittiwake.cli.chaos.workload.TpccWorkload} is TPC-C with its ledger; the others are small
 * loads of the key-value API ({@link dev.kittiwake.cli.chaos.workload.Load}, one file each) whose
 * histories a {@link dev.kittiwake.cli.chaos.workload.Clients} records for the judges. {@link
 * dev.kittiwake.cli.chaos.workload.Pulses} measure how long clients wait after a leader died.
 */
package dev.kittiwake.cli.chaos.workload;

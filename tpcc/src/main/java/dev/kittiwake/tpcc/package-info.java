/**
 * TPC-C (specification revision 5.11) over any JDBC URL: load, run, check, report.
 *
 * <p>Four questions, four places. <em>What is in the database?</em> {@link
 * dev.kittiwake.tpcc.Schema} and {@code Loader} (clauses 1.3 and 4.3). <em>What do the terminals
 * do?</em> The five profiles {@code NewOrder}, {@code Payment}, {@code OrderStatus}, {@code
 * Delivery}, {@code StockLevel} (clauses 2.4 to 2.8), dealt by {@code Mix}, carried out by {@code
 * Terminal}, measured by {@code Tally}. <em>Is it still right?</em> {@code ConsistencyAudit}: the
 * twelve conditions of clause 3.3.2, and the {@link dev.kittiwake.tpcc.Ledger}, in which the client
 * keeps what it was told. <em>How did it go?</em> {@link dev.kittiwake.tpcc.Report}: {@code
 * result.json}, a summary and a page with charts.
 *
 * <p>A run survives failing servers: a transaction that was certainly not committed is tried again
 * after a pause; one whose commit was sent but never answered is <em>undetermined</em>, is not
 * repeated, and is left to the audit.
 *
 * <p>Where this departs from the specification: deliveries run in line instead of from a queue
 * (clause 2.7.1), the terminal's screens exist only as keying and think times, and there may be any
 * number of terminals for one warehouse. So the figures are not audited tpmC and compare only with
 * themselves and with other databases run by this program.
 *
 * <p>Start at {@link dev.kittiwake.tpcc.Tpcc}.
 */
package dev.kittiwake.tpcc;

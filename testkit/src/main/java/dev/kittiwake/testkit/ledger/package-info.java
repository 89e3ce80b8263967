/**
 * A book of every acknowledged write, kept by those who write, and compared with what is there at
 * any time: for runs that are too large for a history and its judges.
 */
package dev.kittiwake.testkit.ledger;

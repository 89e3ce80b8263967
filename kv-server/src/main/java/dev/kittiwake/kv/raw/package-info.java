/**
 * The raw API: atomic operations on single keys, beside transactions and not seen by them. One call
 * per file. Keys are stored as they are (API version 1), values too.
 *
 * <p>Plain puts take no latch; puts and deletes "for CAS" and compare-and-swap do, so they are
 * atomic among each other only.
 */
package dev.kittiwake.kv.raw;

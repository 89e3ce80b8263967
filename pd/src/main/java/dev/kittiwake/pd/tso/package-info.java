/**
 * The timestamp oracle: strictly increasing timestamps through restarts, changes of leader and
 * clocks that jump.
 *
 * <p>A timestamp is a physical part (milliseconds) and a logical counter. The oracle serves from
 * memory, with one compare-and-set; it may only use physical parts below a bound that has been
 * saved through consensus before. A member that becomes leader starts at the saved bound. So no two
 * members ever serve the same timestamp, and what is served later is larger, as long as the old
 * leader has stopped serving: that is what its lease is for.
 */
package dev.kittiwake.pd.tso;

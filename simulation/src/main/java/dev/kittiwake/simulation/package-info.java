/**
 * The whole cluster in one thread: placement driver, stores and clients run their production code
 * on virtual time, over a simulated network and simulated disks, and everything follows from one
 * seed.
 *
 * <p>{@code time} is the queue of events and the machines they belong to, {@code network} carries
 * encoded messages, {@code disk} forgets what was not synced, {@code world} puts the production
 * code on all of it.
 */
package dev.kittiwake.simulation;

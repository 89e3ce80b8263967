/**
 * Clusters far too big for a machine, in virtual time: the real {@link
 * dev.kittiwake.pd.schedule.Coordinator} and region tree on one side, stores that carry out its
 * messages and report on the other. One thread, one seed.
 */
package dev.kittiwake.pd.bigcluster;

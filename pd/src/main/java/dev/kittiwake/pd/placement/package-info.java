/**
 * Placement rules: which stores may hold the replicas of which keys, and how well a region obeys.
 *
 * <p>A {@link dev.kittiwake.pd.placement.Rule} wants a number of replicas with a role for a range
 * of keys, on stores whose labels fit, as far apart as the location labels allow. A {@link
 * dev.kittiwake.pd.placement.RuleSet} knows which rules hold for which keys; {@link
 * dev.kittiwake.pd.placement.RegionFit} assigns the replicas of a region to them. Without rules of
 * an operator there is one: as many voters as configured, for all keys.
 *
 * <p>All of it is pure.
 */
package dev.kittiwake.pd.placement;

/**
 * The replicas of this store. {@link dev.kittiwake.kv.region.RegionAccess} is the door for
 * requests, {@link dev.kittiwake.kv.region.Store} owns all replicas and the loop that runs them.
 *
 * <p>A {@code RegionReplica} routes; each operation is a file that proposes, applies and cleans up:
 * {@code Write}, {@code ReadIndex}, {@code Split}, {@code ChangePeers}, {@code TransferLeader},
 * {@code CompactLog}, {@code SendSnapshot}, {@code ReceiveSnapshot}, {@code Destroy}, and for
 * merging two regions {@code PrepareMerge}, {@code CommitMerge} and {@code RollbackMerge}, driven
 * by {@code Merging}. {@code SplitCheck} finds out when a region should be split; {@code
 * RegionSize} and {@code RegionLoad} follow what it holds and how often it is asked. {@code
 * RegionApplier} is the applied side of a replica, on the apply thread, where the work of many
 * regions goes into one batch. {@code RegionGuard} and {@code LeaderLease} say what may run here
 * and now.
 */
package dev.kittiwake.kv.region;

/**
 * The replicas of this store. {@link dev.kittiwake.kv.region.RegionAccess} is the door for
 * requests.
 */
package dev.kittiwake.kv.region;

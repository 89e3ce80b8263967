package dev.kittiwake.client.pd;

import dev.kittiwake.proto.metapb.Peer;
import dev.kittiwake.proto.metapb.Region;

/**
 * A region as the placement driver knows it.
 *
 * @param leader the peer that leads it; if the placement driver does not know, the first peer
 */
public record RegionRoute(Region region, Peer leader) {}

package dev.kittiwake.kv.transport;

import dev.kittiwake.kv.engine.EngineSnapshot;

/**
 * A snapshot to be streamed.
 *
 * @param announcement raft's message that goes with it
 * @param data the engine at the snapshot's position; closed by whoever streams it
 * @param from the first engine key
 * @param to the first engine key behind the region
 */
public record OutgoingSnapshot(
    Envelope announcement, EngineSnapshot data, byte[] from, byte[] to) {}

package dev.kittiwake.client.raw;

/** A key and its value; an empty value if only keys were asked for. */
public record RawPair(byte[] key, byte[] value) {}

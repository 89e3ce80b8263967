package dev.kittiwake.client.raw;

import dev.kittiwake.client.ClientRuntime;
import dev.kittiwake.client.region.ReadFrom;
import dev.kittiwake.proto.key.Key;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The raw API: every method waits for its answer. Thread-safe. Writes throw {@link
 * dev.kittiwake.client.error.UndeterminedException} when an answer was lost and no later attempt
 * succeeded.
 */
public final class RawClient {
  private final AsyncRawClient async;
  private final ClientRuntime runtime;

  public RawClient(AsyncRawClient async, ClientRuntime runtime) {
    this.async = async;
    this.runtime = runtime;
  }

  /** The same operations without waiting. */
  public AsyncRawClient async() {
    return async;
  }

  /** See {@link AsyncRawClient#atomic}. */
  public RawClient atomic() {
    return new RawClient(async.atomic(), runtime);
  }

  /** See {@link AsyncRawClient#readingFrom}. */
  public RawClient readingFrom(ReadFrom from) {
    return new RawClient(async.readingFrom(from), runtime);
  }

  /** The value; null if absent. */
  public byte[] get(byte[] key) {
    return await(async.get(key));
  }

  public void put(byte[] key, byte[] value) {
    await(async.put(key, value, 0));
  }

  /** A pair that disappears after {@code ttlSeconds}; the store must have TTLs enabled. */
  public void put(byte[] key, byte[] value, long ttlSeconds) {
    await(async.put(key, value, ttlSeconds));
  }

  public void delete(byte[] key) {
    await(async.delete(key));
  }

  /** The pairs that exist, in key order. */
  public Map<Key, byte[]> batchGet(Collection<Key> keys) {
    return await(async.batchGet(keys));
  }

  /** Not atomic: on failure some pairs may be written. */
  public void batchPut(Map<Key, byte[]> pairs) {
    await(async.batchPut(pairs, 0));
  }

  /** Not atomic: on failure some keys may be deleted. */
  public void batchDelete(Collection<Key> keys) {
    await(async.batchDelete(keys));
  }

  /** Up to {@code limit} pairs of {@code [start, end)}, ascending; an empty end means no bound. */
  public List<RawPair> scan(byte[] start, byte[] end, int limit) {
    return await(async.scan(start, end, limit, false, false));
  }

  /** Up to {@code limit} pairs of {@code [start, end)}, descending; an empty end means no bound. */
  public List<RawPair> reverseScan(byte[] start, byte[] end, int limit) {
    return await(async.scan(start, end, limit, true, false));
  }

  /** Deletes {@code [start, end)}; an empty end means no bound. Not atomic. */
  public void deleteRange(byte[] start, byte[] end) {
    await(async.deleteRange(start, end));
  }

  /** See {@link AsyncRawClient#compareAndSwap}. */
  public SwapResult compareAndSwap(byte[] key, byte[] expected, byte[] value) {
    return await(async.compareAndSwap(key, expected, value, 0));
  }

  /** Seconds until the pair disappears; 0 if never; null if it does not exist. */
  public Long ttl(byte[] key) {
    return await(async.ttl(key));
  }

  private <T> T await(CompletableFuture<T> future) {
    return runtime.await(future);
  }
}

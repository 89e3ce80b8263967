package dev.kittiwake.kv.region;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How many requests a region gets, and a few of the keys that they ask for. Thread-safe and cheap:
 * every so many requests one key is remembered, and the newest are kept.
 */
final class RegionLoad {
  private static final int SAMPLES = 128;
  private static final int ONE_IN = 16;

  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong keys = new AtomicLong();
  private final AtomicReferenceArray<KeyRange> samples = new AtomicReferenceArray<>(SAMPLES);

  void onRequest(List<Key> storedKeys) {
    long number = requests.getAndIncrement();
    keys.addAndGet(storedKeys.size());
    if (number % ONE_IN == 0 && !storedKeys.isEmpty()) {
      Key key = storedKeys.get((int) (number / ONE_IN % storedKeys.size()));
      remember(number, new KeyRange(key, key));
    }
  }

  void onRequest(KeyRange range) {
    long number = requests.getAndIncrement();
    keys.incrementAndGet();
    if (number % ONE_IN == 0) {
      remember(number, range);
    }
  }

  private void remember(long number, KeyRange range) {
    samples.set((int) (number / ONE_IN % SAMPLES), range);
  }

  /** Since the replica was made. */
  long requests() {
    return requests.get();
  }

  /** Keys asked for since the replica was made; a range counts as one. */
  long keys() {
    return keys.get();
  }

  /** What was remembered lately. */
  List<KeyRange> samples() {
    List<KeyRange> copy = new ArrayList<>(SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      KeyRange sample = samples.get(i);
      if (sample != null) {
        copy.add(sample);
      }
    }
    return copy;
  }

  /** Forgets the keys: they may belong to another region now. */
  void forgetSamples() {
    for (int i = 0; i < SAMPLES; i++) {
      samples.set(i, null);
    }
  }
}

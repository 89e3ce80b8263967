package dev.kittiwake.kv.api;

import dev.kittiwake.proto.kvrpcpb.HealthFeedback;

/** How well this store feels, as told to clients that choose between replicas. Thread-safe. */
@FunctionalInterface
public interface HealthFeedbackSource {
  /** The present state; its sequence number is greater than that of every feedback before. */
  HealthFeedback next();
}
